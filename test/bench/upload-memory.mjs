/**
 * npm run bench -- upload-memory [--json]
 *
 * How much more memory the api holds while it receives 1 GB than when idle: at most 100 MB. No worker runs, so that
 * the figure is the reception's alone.
 */
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { printOutcome, round } from './harness/outcome.mjs';
import { System } from './harness/system.mjs';

const MEGABYTE = 1024 ** 2;
const FILE_BYTES = 1024 ** 3;
const LIMIT_MEGABYTES = 100;
const BOUNDARY = 'bench-boundary';

const system = await System.start({ workers: 0 });
try {
  const customerId = await system.customer();
  // The first requests load code and warm pools up, which is no growth by the file.
  await send(customerId, 8 * MEGABYTE);
  const idle = system.api.memory().now;
  system.api.forgetPeak();
  const start = performance.now();
  await send(customerId, FILE_BYTES);
  const seconds = (performance.now() - start) / 1000;
  const peak = system.api.memory().peak;
  printOutcome(
    {
      name: 'upload-memory',
      unit: 'MB',
      better: 'lower',
      ours: {
        value: Math.max(round((peak - idle) / MEGABYTE), 1),
        idleMegabytes: round(idle / MEGABYTE),
        peakMegabytes: round(peak / MEGABYTE),
        seconds: round(seconds),
      },
      peers: { 'what is allowed': { value: LIMIT_MEGABYTES } },
    },
    process.argv.includes('--json'),
  );
  process.exitCode = peak - idle < LIMIT_MEGABYTES * MEGABYTE ? 0 : 1;
} finally {
  await system.stop();
}

/**
 * Sends a made-up file as it is made, so that neither the disk nor the memory of this process limits it.
 * @param {string} customerId @param {number} bytes
 */
async function send(customerId, bytes) {
  const head = Buffer.from(
    `${field('customerId', customerId)}${field('name', `upload of ${bytes} bytes`)}--${BOUNDARY}\r\n` +
      'Content-Disposition: form-data; name="file"; filename="large.csv"\r\nContent-Type: text/csv\r\n\r\n',
  );
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
  const call = request(`${system.baseUrl}/api/v1/datasets`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${system.token}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': head.length + bytes + tail.length,
    },
  });
  const answered = new Promise((resolve, reject) => call.once('response', resolve).once('error', reject));
  await pipeline(Readable.from(pieces(head, bytes, tail)), call);
  const response = /** @type {import('node:http').IncomingMessage} */ (await answered);
  const text = await response.setEncoding('utf8').toArray();
  if (response.statusCode !== 202) throw new Error(`${response.statusCode} ${text.join('')}`);
}

/** @param {string} name @param {string} value */
function field(name, value) {
  return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
}

/** @param {Buffer} head @param {number} bytes @param {Buffer} tail */
function* pieces(head, bytes, tail) {
  yield head;
  const header = Buffer.from('InvoiceNo,Quantity,CustomerID\n');
  yield header;
  const records = Buffer.from('536365,6,17850\n'.repeat(70_000));
  for (let left = bytes - header.length; left > 0; left -= records.length) yield records.subarray(0, left);
  yield tail;
}
