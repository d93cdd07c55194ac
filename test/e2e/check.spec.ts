import { chmodSync, readFileSync, renameSync, truncateSync, writeFileSync } from 'node:fs';
import { createClient } from '@keyv/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant } from './harness/index.js';
import { blobPath, inspect, namesOf, runCommand, withFrames } from './harness/operator.js';
import { csvForm, finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

let system: System;
let tenant: Tenant;
let upload: { id: string; sha256: string; datasetId: string; revision: number };
let reportId: string;

async function succeeded(id: string): Promise<void> {
  const { status, error } = await finishedReport(tenant.analyst.api, id);
  if (status !== 'succeeded') throw new Error(`the report ${status}: ${JSON.stringify(error)}`);
}

/** Everything that stores refer to each other for: rows that others supersede, rejects, a report, what is undone and deleted. */
beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { TASK_SWEEP_SECONDS: '1', TASK_LEASE_SECONDS: '2' } });
  tenant = await system.make.tenant();
  const { api } = tenant.analyst;
  const retail = await startDataset(tenant.analyst, tenant, retailSample().csv);
  upload = await ready(api, retail.upload.id);
  const keyed = await startDataset(tenant.analyst, tenant, 'Shopper,n\nA,1\nB,2\nC,3,4\n');
  await ready(api, keyed.upload.id);
  const more = async (content: string, fields: Record<string, string>) => {
    const sent = await api.post(`/datasets/${keyed.dataset.id}/uploads`, csvForm(fields, content));
    return ready(api, expectStatus(sent, 202).upload.id);
  };
  await more('Shopper,n\nA,7\n', { mode: 'upsert', keyColumns: 'Shopper' });
  const undone = await more('Shopper,n\nB,8\n', { mode: 'upsert', keyColumns: 'Shopper' });
  expectStatus(await api.delete(`/uploads/${undone.id}`), 204);
  expectStatus(await api.get(`/datasets/${keyed.dataset.id}/rows`), 200);
  const asked = { customerId: tenant.customerId, datasetIds: [retail.dataset.id], k: 3 };
  reportId = expectStatus(await api.post('/reports', asked), 202).report.id;
  await succeeded(reportId);
  const other = expectStatus(await api.post('/reports', { ...asked, k: 4 }), 202).report.id;
  await succeeded(other);
  expectStatus(await api.delete(`/reports/${other}`), 204);
});
afterAll(() => system.stop());

const check = async () => expectStatus(await system.admin.api.post('/admin/check'), 200);
const sql = (text: string, values: unknown[] = []) => system.database.query(text, values);

/** The names of what a check sees while `broken` holds; afterwards it must see nothing. */
async function seenWhile(breakIt: () => Promise<unknown>, mendIt: () => Promise<unknown>): Promise<string[]> {
  await breakIt();
  let seen: string[];
  try {
    seen = namesOf(await check());
  } finally {
    await mendIt();
  }
  return seen;
}

describe('C9: a check', () => {
  it('of a system that works finds nothing, and says what it compared', async () => {
    const report = await inspect(system, 'check');
    expect(report).toMatchObject({ code: 0, clean: true, differences: [] });
    expect(report.compared).toMatchObject({
      uploads: 3,
      reports: 1,
      namedBlobs: 6,
      auditSeals: expect.any(Number),
    });
    expect(report.compared.namedFrames).toBeGreaterThanOrEqual(5);
    const { output } = await runCommand(system.environment, 'check');
    expect(output).toContain('No differences.');
  });

  it('is the same for administrators over HTTP', async () => {
    expect(await check()).toMatchObject({ clean: true, differences: [] });
  });

  it('finds a blob that is gone or cut, and says what to do', async () => {
    const path = blobPath(system, upload.sha256);
    const bytes = readFileSync(path);
    expect(
      await seenWhile(
        async () => renameSync(path, `${path}.away`),
        async () => renameSync(`${path}.away`, path),
      ),
    ).toEqual([`blob_missing ${upload.sha256}`]);
    truncateSync(path, 100);
    const { code, differences } = await inspect(system, 'check');
    expect(code).toBe(1);
    expect(differences).toEqual([
      {
        kind: 'blob_size',
        id: upload.sha256,
        detail: `100 bytes and not the ${bytes.length} that upload ${upload.id} names`,
        remedy: expect.stringContaining('backup'),
      },
    ]);
    writeFileSync(path, bytes);
  });

  it('finds frames that are missing, different or more than there should be', async () => {
    const id = `${upload.id}:${upload.revision}:0`;
    const frame = await withFrames(system, (frames) => frames.findOne({ _id: id as never }));
    if (frame === null) throw new Error('there is no frame');
    const replaced = (changes: object) => () =>
      withFrames(system, async (frames) => {
        await frames.deleteMany({ uploadId: upload.id });
        await frames.insertOne({ ...frame, ...changes });
      });
    const put = replaced({});
    expect(
      await seenWhile(() => withFrames(system, (frames) => frames.deleteMany({ uploadId: upload.id })), put),
    ).toEqual([`frame_missing ${id}`]);
    expect(await seenWhile(replaced({ rows: 1 }), put)).toEqual([`frame_differs ${id}`]);
    const second = `${upload.id}:${upload.revision}:9`;
    const added = () =>
      withFrames(system, (frames) => frames.insertOne({ ...frame, _id: second as never, seq: 9 }));
    expect(await seenWhile(added, put)).toEqual([`frame_differs ${second}`]);
  });

  it('finds rows that contradict each other', async () => {
    const { id, datasetId } = upload;
    const becomes = (table: string, row: string, column: string, value: unknown) => () =>
      sql(`UPDATE ${table} SET ${column} = $2 WHERE id = $1`, [row, value]);
    const seen = await seenWhile(
      becomes('uploads', id, 'revision', null),
      becomes('uploads', id, 'revision', upload.revision),
    );
    expect(seen).toContain(`upload_unread ${id}`);
    const { rows } = await sql('SELECT visible_set_id FROM datasets WHERE id = $1', [datasetId]);
    const shown = rows[0]?.['visible_set_id'] as string;
    const isWrong = [`visible_set_wrong ${datasetId}`];
    const mend = becomes('datasets', datasetId, 'visible_set_id', shown);
    expect(await seenWhile(becomes('datasets', datasetId, 'visible_set_id', null), mend)).toEqual(isWrong);
    expect(await seenWhile(becomes('datasets', datasetId, 'visible_set_id', reportId), mend)).toEqual(
      isWrong,
    );
    expect(
      await seenWhile(becomes('visible_sets', shown, 'row_count', 5), async () => {
        await sql(
          `UPDATE visible_sets SET row_count = (SELECT sum((e ->> 'rowCount')::bigint) FROM jsonb_array_elements(uploads) AS e)
            WHERE id = $1`,
          [shown],
        );
      }),
    ).toEqual(isWrong);
    expect(
      await seenWhile(
        becomes('reports', reportId, 'status', 'running'),
        becomes('reports', reportId, 'status', 'succeeded'),
      ),
    ).toContain(`report_stuck ${reportId}`);
    const { rows: members } = await sql('SELECT members FROM reports WHERE id = $1', [reportId]);
    expect(
      await seenWhile(
        becomes('reports', reportId, 'members', null),
        becomes('reports', reportId, 'members', JSON.stringify(members[0]?.['members'])),
      ),
    ).toEqual([`report_without_members ${reportId}`]);
  });

  it('finds an answer in the cache that is another customer’s', async (context) => {
    const url = system.environment['REDIS_URL'];
    context.skip(url === undefined, 'there is no Redis');
    const redis = createClient({ url: url ?? '' });
    await redis.connect();
    expectStatus(await tenant.viewer.api.get(`/datasets/${upload.datasetId}/rows`), 200);
    const { rows } = await sql('SELECT visible_set_id AS id FROM datasets WHERE id = $1', [upload.datasetId]);
    const [own = ''] = await redis.keys(`*:rows:${String(rows[0]?.['id'])}:*`);
    const stranger = await system.make.tenant();
    const key = own.replace(tenant.customerId, stranger.customerId);
    const name = key.slice(key.indexOf(stranger.customerId));
    try {
      expect(
        await seenWhile(
          () => redis.set(key, JSON.stringify({ value: { count: 1, rows: [] } })),
          () => redis.del(key),
        ),
      ).toEqual([`answer_foreign ${name}`]);
    } finally {
      redis.destroy();
    }
  });

  it('S17: finds an audit entry that was changed, and one that was removed, past the triggers', async () => {
    const { rows } = await sql(
      `SELECT e.id, e.action FROM audit_seals s JOIN audit_entries e ON e.id = s.entry_id ORDER BY s.position LIMIT 1 OFFSET 3`,
    );
    const { id, action } = rows[0] as { id: string; action: string };
    const tamper = (text: string, values: unknown[]) => async () => {
      await sql('ALTER TABLE audit_entries DISABLE TRIGGER USER');
      await sql(text, values);
      await sql('ALTER TABLE audit_entries ENABLE TRIGGER USER');
    };
    const change = 'UPDATE audit_entries SET action = $2 WHERE id = $1';
    expect(await seenWhile(tamper(change, [id, 'nothing']), tamper(change, [id, action]))).toEqual([
      `audit_changed ${id}`,
    ]);
    const { rows: kept } = await sql('SELECT to_jsonb(e) AS entry FROM audit_entries e WHERE id = $1', [id]);
    expect(
      await seenWhile(
        tamper('DELETE FROM audit_entries WHERE id = $1', [id]),
        tamper('INSERT INTO audit_entries SELECT * FROM jsonb_populate_record(NULL::audit_entries, $1)', [
          kept[0]?.['entry'],
        ]),
      ),
    ).toEqual([`audit_missing ${id}`]);
  });
});

describe('C8: a scrub', () => {
  it('reads every byte in use and finds nothing where nothing happened', async () => {
    expect(await inspect(system, 'scrub')).toMatchObject({ code: 0, clean: true, blobs: 6, differences: [] });
  });

  it('finds a single flipped bit in a blob and in a frame', async () => {
    const path = blobPath(system, upload.sha256);
    const bytes = readFileSync(path);
    const flipped = Buffer.from(bytes);
    flipped[12_345] = (flipped[12_345] ?? 0) ^ 1;
    chmodSync(path, 0o600);
    writeFileSync(path, flipped);
    const id = `${upload.id}:${upload.revision}:0`;
    const flip = () =>
      withFrames(system, async (frames) => {
        const frame = await frames.findOne({ _id: id as never });
        if (frame === null) throw new Error('there is no such frame');
        const data = Buffer.from((frame['data'] as { buffer: Uint8Array }).buffer);
        data[data.length - 100] = (data[data.length - 100] ?? 0) ^ 1;
        await frames.updateOne({ _id: id as never }, { $set: { data } });
      });
    await flip();
    const report = await inspect(system, 'scrub');
    expect(report.code).toBe(1);
    expect(namesOf(report)).toEqual([`blob_damaged ${upload.sha256}`, `frame_damaged ${id}`]);
    expect((await check()).differences).toEqual([]);
    writeFileSync(path, bytes);
    await flip();
    expect((await inspect(system, 'scrub')).code).toBe(0);
  });
});

describe('without workers', () => {
  it('finds tasks whose lease ran out, and those that no message tells of', async () => {
    await system.killWorker();
    const { task } = await startDataset(tenant.analyst, tenant, 'Shopper,n\nZ,1\n');
    const waiting = async () => {
      await sql(
        "UPDATE tasks SET run_at = now() - interval '1 hour', announced_at = now() - interval '1 hour' WHERE id = $1",
        [task.id],
      );
      // As if the broker had been wiped.
      await drain('ingest');
    };
    expect(await seenWhile(waiting, async () => undefined)).toEqual([`task_not_announced ${task.id}`]);
    const running = async () => {
      await sql(
        "UPDATE tasks SET status = 'running', started_at = now(), lease_until = now() - interval '1 hour' WHERE id = $1",
        [task.id],
      );
    };
    expect(await seenWhile(running, async () => undefined)).toEqual([`task_abandoned ${task.id}`]);
    await sql("UPDATE tasks SET status = 'cancelled', finished_at = now() WHERE id = $1", [task.id]);
    expect(namesOf(await check())).toEqual([`upload_stuck ${task.uploadId}`]);
  });
});

async function drain(queue: string): Promise<void> {
  const { connect } = await import('amqplib');
  const connection = await connect(system.environment['RABBITMQ_URL'] ?? '');
  const channel = await connection.createChannel();
  for (let empty = 0; empty < 3;) {
    const message = await channel.get(queue, { noAck: true });
    empty = message === false ? empty + 1 : 0;
  }
  await connection.close();
}
