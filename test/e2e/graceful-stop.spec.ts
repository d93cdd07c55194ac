import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient, startSystem, type System, type Tenant, until } from './harness/index.js';
import { inspect } from './harness/operator.js';
import { ready, startDataset } from './harness/uploads.js';

const GRACE_SECONDS = 5;
const PIECES = 20;
/** Takes a second to read, or more. */
const ROWS = 600_000;

let system: System;
afterEach(() => system.stop());

async function open(workers: number, env: Record<string, string> = {}): Promise<Tenant> {
  system = await startSystem({ workers, env: { SHUTDOWN_GRACE_SECONDS: String(GRACE_SECONDS), ...env } });
  return system.make.tenant();
}

/** Sends a file of which a piece comes every now and then. @returns status and body of the answer; rejects where it is cut */
function slowUpload(
  { customerId, analyst }: Tenant,
  pauseMs: number,
): { answered: Promise<{ status: number; text: string }> } {
  const boundary = 'slow';
  const field = (name: string, value: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  const outgoing = request(`${system.baseUrl}/api/v1/datasets`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${analyst.accessToken}`,
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
  });
  const answered = new Promise<{ status: number; text: string }>((resolve, reject) => {
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      let text = '';
      response.on('data', (piece: Buffer) => (text += piece.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
  });
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nShopper,n\n`;
  const sending = async (): Promise<void> => {
    outgoing.write(field('customerId', customerId) + field('name', 'slow') + file);
    for (let piece = 0; piece < PIECES && !outgoing.destroyed; piece += 1) {
      outgoing.write(`S${piece},${piece}\n`);
      await sleep(pauseMs);
    }
    outgoing.end(`\r\n--${boundary}--\r\n`);
  };
  void sending();
  return { answered };
}

const beingReceived = () =>
  until('the upload to be received', async () => {
    const { text } = await system.admin.api.get('/metrics');
    return /^datacore_uploads_in_flight\{.*\} 1$/m.test(text);
  });

/** Follows a task by events, until the stream ends. */
async function follow({ viewer }: Tenant, taskId: string): Promise<string> {
  const response = await fetch(`${system.baseUrl}/api/v1/tasks/${taskId}/events`, {
    headers: { authorization: `Bearer ${viewer.accessToken}` },
  });
  return response.text();
}

describe('L10: an api that is told to stop', () => {
  it('is no longer ready, takes nothing new, ends the upload it receives and the streams it has open', async () => {
    const tenant = await open(0);
    const { task } = await startDataset(tenant.analyst, tenant, 'Shopper,n\nA,1\n');
    const stream = follow(tenant, task.id);
    const upload = slowUpload(tenant, 100);
    await beingReceived();
    const asked = Date.now();
    const code = system.apiProcess.stop();
    await until('readiness to be gone', async () => (await system.api.get('/health/ready')).status === 503);
    expect((await system.api.get('/health/live')).status).toBe(200);
    const refused = await tenant.viewer.api.get('/datasets');
    expect([refused.status, refused.body.code]).toEqual([503, 'unavailable']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const { status, text } = await upload.answered;
    expect(status).toBe(202);
    expect(await stream).toContain('event: task');
    expect(await code).toBe(0);
    expect(Date.now() - asked).toBeLessThan((GRACE_SECONDS + 3) * 1000);
    // What was taken on the way out is done by whoever comes next.
    await system.startWorker();
    const { rows } = await until('the file to be read', async () => {
      const id = JSON.parse(text).upload.id;
      const found = await system.database.query(
        'SELECT row_count FROM upload_revisions WHERE upload_id = $1',
        [id],
      );
      return found.rows.length > 0 && found;
    });
    expect(Number(rows[0].row_count)).toBe(PIECES);
  });

  it('leaves an upload that outlasts the grace period, and nothing of it', async () => {
    const tenant = await open(0, { SHUTDOWN_GRACE_SECONDS: '1' });
    const upload = slowUpload(tenant, 1000);
    const cut = upload.answered.then(
      () => 'answered',
      () => 'cut',
    );
    await beingReceived();
    const asked = Date.now();
    expect(await system.apiProcess.stop()).toBe(0);
    expect(Date.now() - asked).toBeLessThan(5000);
    expect(await cut).toBe('cut');
    const { rows } = await system.database.query('SELECT id FROM uploads');
    expect(rows).toEqual([]);
    expect((await inspect(system, 'check')).differences).toEqual([]);
  });
});

describe('D10: a worker that is told to stop', () => {
  it('reads its file to the end while it says that it lives and is not ready', async () => {
    const tenant = await open(1);
    const [worker] = system.workers;
    const health = new ApiClient(worker?.url ?? '');
    await until('the worker to be ready', async () => (await health.get('/health/ready')).status === 200);
    const rows = Array.from({ length: ROWS }, (_, n) => `S${n % 999},${n}\n`).join('');
    const { upload } = await startDataset(tenant.analyst, tenant, `Shopper,n\n${rows}`);
    await until('it to be read', async () => {
      const { rows: running } = await system.database.query("SELECT 1 FROM tasks WHERE status = 'running'");
      return running.length > 0;
    });
    const code = worker?.stop();
    await until('readiness to be gone', async () => (await health.get('/health/ready')).status === 503);
    expect((await health.get('/health/live')).status).toBe(200);
    expect(await code).toBe(0);
    const { rows: tasks } = await system.database.query('SELECT status, attempts FROM tasks');
    // Finished, or given back whole where the machine was too slow for the grace period.
    expect(tasks).toEqual([
      expect.objectContaining({ status: expect.stringMatching(/^(?:succeeded|queued)$/) }),
    ]);
    expect(tasks[0].attempts).toBe(tasks[0].status === 'queued' ? 0 : 1);
    await system.startWorker();
    expect((await ready(tenant.analyst.api, upload.id)).rowCount).toBe(ROWS);
    const { rows: after } = await system.database.query('SELECT attempts FROM tasks');
    expect(after).toEqual([{ attempts: 1 }]);
  });
});
