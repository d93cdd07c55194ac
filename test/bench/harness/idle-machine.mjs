import { spawnSync } from 'node:child_process';
import os from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 250;
const IDLE_SHARE = 0.9;
const PATIENCE_MS = 15_000;

/**
 * Waits until what ran before has left nothing to do: files and a database's pages that are still to be written take
 * processors and the disk from whoever comes next. On a machine that is never idle it says so and goes on.
 */
export async function idleMachine() {
  spawnSync('sync');
  const deadline = Date.now() + PATIENCE_MS;
  for (let before = processorTimes(); Date.now() < deadline;) {
    await delay(LOOK_MS);
    const after = processorTimes();
    if (after.idle - before.idle >= IDLE_SHARE * (after.total - before.total)) return;
    before = after;
  }
  console.error('the machine does not become idle: the figures are those of a busy one');
}

/** Milliseconds of all processors together. @returns {{ idle: number, total: number }} */
function processorTimes() {
  const times = os.cpus().map(({ times: of }) => of);
  const idle = times.reduce((sum, of) => sum + of.idle, 0);
  const total = times.reduce((sum, of) => sum + of.user + of.nice + of.sys + of.irq + of.idle, 0);
  return { idle, total };
}
