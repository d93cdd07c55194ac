import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { idleMachine } from './idle-machine.mjs';
import { round } from './outcome.mjs';

/**
 * What one contestant did in one run.
 * @typedef {{ seconds: number } & Record<string, unknown>} Sample
 * @typedef {object} Contestant
 * @property {string} name
 * @property {(run: number) => Promise<Sample>} run
 * @property {() => Promise<string | undefined>} [unavailable]  why it cannot take part, where it cannot
 */

/** @param {{ runs?: number }} [defaults] @returns {{ json: boolean, runs: number }} */
export function benchOptions({ runs: usual = 3 } = {}) {
  const { values } = parseArgs({
    options: { json: { type: 'boolean', default: false }, runs: { type: 'string', default: String(usual) } },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1');
  return { json: values.json, runs };
}

/**
 * Lets all contestants run in turn, so that a busy moment of the machine hits each, and each on an idle machine: one round
 * to warm up, then `runs` that count.
 * @param {Contestant[]} contestants @param {number} runs
 * @param {{ warmUp?: boolean }} [options]  warmUp false: only the runs that count
 * @returns {Promise<Map<string, Sample>>} of each that took part the run of median time
 */
export async function contest(contestants, runs, { warmUp = true } = {}) {
  const present = [];
  for (const contestant of contestants) {
    const reason = await contestant.unavailable?.();
    if (reason === undefined) present.push(contestant);
    else console.error(`${contestant.name}: left out, ${reason}`);
  }
  /** @type {Map<string, Sample[]>} */
  const samples = new Map(present.map(({ name }) => [name, []]));
  for (let round = warmUp ? 0 : 1; round <= runs; round++) {
    for (const { name, run } of present) {
      await idleMachine();
      const sample = await run(round);
      if (round > 0) samples.get(name)?.push(sample);
      console.error(`${round === 0 ? 'warm-up' : `run ${round}`}  ${name}: ${sample.seconds.toFixed(2)} s`);
    }
  }
  return new Map([...samples].map(([name, all]) => [name, median(all)]));
}

/**
 * Times work by the clock and by the processor time that it costs; the latter hardly depends on what else runs.
 * @template T @param {() => number} cpuSeconds @param {() => Promise<T>} work
 * @returns {Promise<[{ seconds: number, cpuSeconds: number }, T]>}
 */
export async function timedWithCpu(cpuSeconds, work) {
  const before = cpuSeconds();
  const [seconds, result] = await timed(work);
  return [{ seconds, cpuSeconds: round(cpuSeconds() - before) }, result];
}

/** @template T @param {() => Promise<T>} work @returns {Promise<[number, T]>} seconds and result */
async function timed(work) {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

/** Of an even number the slower of the middle two. @param {Sample[]} samples */
function median(samples) {
  const sorted = samples.toSorted((a, b) => a.seconds - b.seconds);
  return sorted[Math.floor(sorted.length / 2)];
}
