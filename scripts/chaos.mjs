/**
 * npm run test:chaos [-- --full] [--only D1,C5] [--seed N] [--scale 0.25] [--minutes 5]        npm run test:soak
 *
 * Kills, cuts and stops what the system consists of while it works, and compares in the end what can be read with what
 * was accepted. Services of its own, gone afterwards. Without --full the short profile that is part of npm test.
 *
 *   --full      the counts of docs/reliability.md, in two lanes with services of their own (within 90 minutes on an idle machine)
 *   --only IDS  tests whose names begin with one of these ids
 *   --seed N    replays the random numbers of a run, which every run prints
 *   --scale F   that part of the full counts; the figures name the counts that were made
 *   --minutes M ends each campaign after that time; likewise
 *   --soak      half an hour of steady work with a broker that is away for ten minutes of it
 */
import './node-version.mjs';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from './command.mjs';
import { main, stopRequested } from './program.mjs';
import { openServices } from './services/launcher.mjs';
import { ensureBuilt, ensureInstalled } from './setup.mjs';

/** It compares rates, which leaves no room for anything beside it. */
const ALONE = 'load.spec.ts';
/** They come first, so that both lanes end at about the same time. */
const LONGEST = ['workers', 'network', 'readers', 'services', 'crashes', 'outages', 'mail'].map(
  (name) => `${name}.spec.ts`,
);

await main(async () => {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean', default: false },
      soak: { type: 'boolean', default: false },
      only: { type: 'string' },
      seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
      scale: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '' },
    },
  });
  const stop = stopRequested();
  await ensureInstalled();
  await ensureBuilt();
  const figures = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'datacore-figures-')), 'figures.jsonl');
  const names = values.soak ? ['soak'] : (values.only?.split(',') ?? []);
  const filter = names.length === 0 ? [] : ['-t', `\\b(${names.join('|')})\\b[^:]*: `];
  const profile = {
    CHAOS_PROFILE: values.soak ? 'soak' : values.full ? 'full' : 'commit',
    CHAOS_SEED: values.seed,
    CHAOS_SCALE: values.scale,
    CHAOS_MINUTES: values.minutes,
    CHAOS_FIGURES: figures,
  };
  /** @param {string[][]} runs  parameters of Vitest, taken one after the other from the list that lanes share */
  const lane = async (runs) => {
    const services = await openServices({ ephemeral: true, signal: stop });
    const environment = { ...services.environment, ...profile };
    let worst = 0;
    try {
      for (let next = runs.shift(); next !== undefined && !stop.aborted; next = runs.shift()) {
        const command = ['vitest', 'run', '--project', 'chaos', ...next];
        worst = Math.max(worst, await runCommand(command, { environment, failed: services.failed, stop }));
      }
      return worst;
    } finally {
      await services.close(stop);
    }
  };
  try {
    if (!values.full || names.length > 0) return await lane([filter]);
    const together = specs().map((name) => [`test/chaos/${name}`]);
    const codes = await Promise.all([lane(together), lane(together)]);
    return Math.max(...codes, await lane([[`test/chaos/${ALONE}`]]));
  } finally {
    printFigures(figures, values.seed);
    fs.rmSync(path.dirname(figures), { recursive: true, force: true });
  }
});

/** All but the one for itself. */
function specs() {
  const files = fs.readdirSync('test/chaos').filter((name) => name.endsWith('.spec.ts'));
  return [...LONGEST, ...files.filter((name) => name !== ALONE && !LONGEST.includes(name))];
}

/** @param {string} file @param {string} seed */
function printFigures(file, seed) {
  console.log(`\nseed ${seed}`);
  if (!fs.existsSync(file)) return;
  for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
    const { id, text } = JSON.parse(line);
    console.log(`  ${id.padEnd(4)} ${text}`);
  }
}
