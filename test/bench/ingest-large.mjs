/**
 * npm run bench -- ingest-large [--json] [--rows N]
 *
 * Whether a file of ten million rows, made of Online Retail again and again with other invoice numbers, takes as much time
 * and memory as Online Retail uploaded as often, one upload after the other. From the request until the upload is `ready`,
 * over HTTP, one worker.
 */
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { onlineRetail } from './harness/data.mjs';
import { timedWithCpu } from './harness/contest.mjs';
import { idleMachine } from './harness/idle-machine.mjs';
import { printOutcome, round } from './harness/outcome.mjs';
import { System } from './harness/system.mjs';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rows: { type: 'string', default: '10000000' } },
});
const rows = Number(values.rows);
if (!Number.isInteger(rows) || rows < 1) throw new Error('--rows takes a whole number from 1');
const data = await onlineRetail();
const directory = mkdtempSync(path.join(tmpdir(), 'datacore-bench-large-'));
const system = await System.start();
try {
  const large = path.join(directory, 'large.csv');
  await generate(large);
  await ingest(data.file, data.rows);
  await idleMachine();
  const small = await ingestMany(rows / data.rows);
  await idleMachine();
  const whole = await ingest(large, rows);
  printOutcome(
    {
      name: 'ingest-large',
      unit: 's',
      better: 'lower',
      ours: {
        value: round(whole.seconds),
        rowsASecond: Math.round(rows / whole.seconds),
        cpuSeconds: whole.cpuSeconds,
        workerPeakMegabytes: whole.peakMegabytes,
        timesLinear: round(whole.seconds / small.seconds),
      },
      peers: {
        'as many rows in small files': {
          value: round(small.seconds),
          workerPeakMegabytes: small.peakMegabytes,
        },
      },
    },
    values.json,
  );
} finally {
  await system.stop();
  rmSync(directory, { recursive: true, force: true });
  data.remove();
}

/** Invoice numbers begin with the number of the copy, so that rows stay as different as they are. @param {string} file */
async function generate(file) {
  const [header, ...lines] = readFileSync(data.file, 'utf8').trimEnd().split('\n');
  const target = createWriteStream(file);
  target.write(`${header}\n`);
  for (let written = 0, copy = 10; written < rows; copy++) {
    const part = lines.slice(0, rows - written).map((line) => `${copy}${line}\n`);
    written += part.length;
    if (!target.write(part.join(''))) await once(target, 'drain');
  }
  target.end();
  await once(target, 'finish');
}

/** Online Retail as often as it goes into the large file, of which the last may be a part. @param {number} times */
async function ingestMany(times) {
  const uploads = [];
  while (uploads.length < times) uploads.push(await ingest(data.file, data.rows));
  const seconds = uploads.reduce((sum, upload) => sum + upload.seconds, 0) * (times / uploads.length);
  return { seconds, peakMegabytes: Math.max(...uploads.map(({ peakMegabytes }) => peakMegabytes)) };
}

/** @param {string} file @param {number} expected */
async function ingest(file, expected) {
  const [worker] = system.workers;
  worker.forgetPeak();
  const customerId = await system.customer();
  const [times, upload] = await timedWithCpu(
    () => system.cpuSeconds(),
    async () => {
      const { task, upload: accepted } = await system.upload(customerId, file);
      await system.finished(task.id);
      return system.get(`/uploads/${accepted.id}`);
    },
  );
  const { status, rowCount, rejectedCount } = upload;
  if (status !== 'ready' || rowCount !== expected || rejectedCount !== 0) {
    throw new Error(`unexpected upload: ${JSON.stringify({ status, rowCount, rejectedCount })}`);
  }
  return { ...times, peakMegabytes: round(worker.memory().peak / 1024 ** 2) };
}
