import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';

const kind = process.env['CHAOS_PROFILE'] ?? 'commit';
/** Part of the full counts that a run makes; what is said of it names the counts it made. */
const scale = Number(process.env['CHAOS_SCALE'] ?? 1);

export const isSoak = kind === 'soak';
export const isFull = kind === 'full';

/** How often something is done: in the profile of every commit, and in the full one. */
export const times = (commit: number, full: number): number =>
  kind === 'full' ? Math.max(commit, Math.round(full * scale)) : commit;

/** Minutes after which a campaign ends whose count is not reached by then; its figures name the counts it made. */
const minutes = Number(process.env['CHAOS_MINUTES'] || Infinity);

/** Starts now. @returns whether there is time left for more */
export function clock(): () => boolean {
  const end = Date.now() + minutes * 60_000;
  return () => Date.now() < end;
}

/** Of all that is random here; CHAOS_SEED replays a run. */
export const seed = Number(process.env['CHAOS_SEED'] || randomInt(1, 2 ** 31));

/** Mulberry32: numbers in [0, 1), the same for the same seed and name. */
export function randomNumbers(name: string): () => number {
  let state = Buffer.from(name).reduce((hash, byte) => Math.imul(hash ^ byte, 16_777_619), seed);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a run has shown: printed at its end by scripts/chaos.mjs. */
export function figure(id: string, text: string): void {
  const file = process.env['CHAOS_FIGURES'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ id, text, seed })}\n`);
}
