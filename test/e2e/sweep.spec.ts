import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadSettings, SettingsModule } from '@app/config';
import { DatabaseModule } from '@app/database';
import { FramesModule } from '@app/frames';
import { OrphanSweeper, SweepModule } from '@app/inspection';
import { createLogger, LoggingModule } from '@app/logging';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, startSystem, type System, type Tenant, until } from './harness/index.js';
import { blobPath, inspect, withFrames } from './harness/operator.js';
import { csvForm, finishedReport, ready, retailSample, startDataset } from './harness/uploads.js';

const GRACE_SECONDS = 60;
let system: System;
let tenant: Tenant;
let context: INestApplicationContext;
let sweeper: OrphanSweeper;

beforeAll(async () => {
  system = await startSystem({ workers: 1, env: { ORPHAN_GRACE_SECONDS: String(GRACE_SECONDS) } });
  tenant = await system.make.tenant();
  // The sweeper of a worker, called by hand.
  context = await NestFactory.createApplicationContext(
    {
      module: class Sweeping {},
      imports: [
        SettingsModule.forRoot(loadSettings(system.environment)),
        LoggingModule.forRoot(createLogger('test', 'silent')),
        DatabaseModule.forRoot(),
        FramesModule.forRoot({ memoryLimitMegabytes: () => 64 }),
        SweepModule,
      ],
    },
    { logger: false },
  );
  sweeper = context.get(OrphanSweeper);
});
afterAll(async () => {
  await context.close();
  await system.stop();
});

const sql = (text: string, values: unknown[] = []) => system.database.query(text, values);
const LONG_AGO = "now() - interval '10 minutes'";

/** As if it had been written longer ago than the grace period. */
function age(path: string): void {
  const then = new Date(Date.now() - 10 * GRACE_SECONDS * 1000);
  utimesSync(path, then, then);
}

const framesOf = (owner: string): Promise<number[]> =>
  withFrames(system, async (frames) => (await frames.distinct('revision', { uploadId: owner })) as number[]);

async function uploaded(
  content: string | Buffer,
): Promise<{ id: string; datasetId: string; sha256: string }> {
  const { upload } = await startDataset(tenant.analyst, tenant, content);
  return ready(tenant.analyst.api, upload.id);
}

describe('a sweep', () => {
  it('C9: removes what was undone, read again or deleted once the grace period is over, and not before', async () => {
    const { api } = tenant.analyst;
    const kept = await uploaded('Shopper,n\nA,1\n');
    const undone = await uploaded('Shopper,n\nA,2\n');
    const again = await uploaded('Shopper,n\nA,3\n');
    expectStatus(await api.post(`/uploads/${again.id}/reprocess`, { header: true }), 202);
    await until(
      'the second reading',
      async () => (await api.get(`/uploads/${again.id}`)).body.revision === 2,
    );
    const retail = await uploaded(retailSample().csv);
    const asked = await api.post('/reports', {
      customerId: tenant.customerId,
      datasetIds: [retail.datasetId],
      k: 3,
    });
    const reportId: string = expectStatus(asked, 202).report.id;
    await finishedReport(api, reportId);
    expectStatus(await api.delete(`/uploads/${undone.id}`), 204);
    expectStatus(await api.delete(`/reports/${reportId}`), 204);
    const owners = [kept.id, undone.id, again.id, reportId];
    const before = await Promise.all(owners.map(framesOf));
    expect(before).toEqual([[1], [1], [1, 2], [1]]);

    for (const { sha256 } of [kept, undone, again]) age(blobPath(system, sha256));
    expect(await sweeper.sweep()).toEqual({ temporaryFiles: 0, blobs: 0, frames: 0 });
    expect(await Promise.all(owners.map(framesOf))).toEqual(before);

    await sql(`UPDATE uploads SET deleted_at = ${LONG_AGO} WHERE id = $1`, [undone.id]);
    await sql(`UPDATE reports SET deleted_at = ${LONG_AGO} WHERE id = $1`, [reportId]);
    await sql(`UPDATE upload_revisions SET created_at = ${LONG_AGO} WHERE upload_id = $1`, [again.id]);
    await sql(`UPDATE datasets SET updated_at = ${LONG_AGO}`);
    expect(await sweeper.sweep()).toEqual({ temporaryFiles: 0, blobs: 1, frames: 3 });
    expect(await Promise.all(owners.map(framesOf))).toEqual([[1], [], [2], []]);
    expect([kept, undone, again].map(({ sha256 }) => existsSync(blobPath(system, sha256)))).toEqual([
      true,
      false,
      true,
    ]);
    expectStatus(await api.get(`/datasets/${kept.datasetId}/rows`), 200);
    expect((await inspect(system, 'check')).differences).toEqual([]);
  });

  it('D1: removes frames of attempts that never published, but none of a task that may still', async () => {
    const { id } = await uploaded('Shopper,n\nA,4\n');
    const plant = (owner: string, revision: number) =>
      withFrames(system, async (frames) => {
        const frame = await frames.findOne({ uploadId: id, revision: 1 });
        await frames.insertOne({
          ...frame,
          _id: `${owner}:${revision}:0` as never,
          uploadId: owner,
          revision,
        });
      });
    await plant(id, 9);
    expect((await sweeper.sweep())?.frames).toBe(0);
    await sql(`UPDATE tasks SET finished_at = ${LONG_AGO} WHERE upload_id = $1`, [id]);
    await sql(
      `UPDATE tasks SET status = 'running', lease_until = now() + interval '1 day' WHERE upload_id = $1`,
      [id],
    );
    expect((await sweeper.sweep())?.frames).toBe(0);
    await sql(`UPDATE tasks SET status = 'succeeded' WHERE upload_id = $1`, [id]);
    expect((await sweeper.sweep())?.frames).toBe(1);
    expect(await framesOf(id)).toEqual([1]);

    const young = uuidOf(Date.now());
    const old = uuidOf(Date.now() - 2 * GRACE_SECONDS * 1000);
    await plant(young, 1);
    await plant(old, 1);
    expect((await sweeper.sweep())?.frames).toBe(1);
    expect(await Promise.all([young, old].map(framesOf))).toEqual([[1], []]);
    await withFrames(system, (frames) => frames.deleteMany({ uploadId: young }));
  });

  it('keeps what an open report was ordered to read, however long it waits', async () => {
    const { api } = tenant.analyst;
    const { id, datasetId } = await uploaded(Buffer.concat([retailSample().csv, Buffer.from('\n')]));
    await system.killWorker();
    const asked = await api.post('/reports', {
      customerId: tenant.customerId,
      datasetIds: [datasetId],
      k: 5,
    });
    const reportId: string = expectStatus(asked, 202).report.id;
    expectStatus(await api.delete(`/uploads/${id}`), 204);
    await sql(`UPDATE uploads SET deleted_at = ${LONG_AGO} WHERE id = $1`, [id]);
    expect((await sweeper.sweep())?.frames).toBe(0);
    await system.startWorker();
    expect(await finishedReport(api, reportId)).toMatchObject({ status: 'succeeded' });
    expect((await sweeper.sweep())?.frames).toBeGreaterThan(0);
    expect(await framesOf(id)).toEqual([]);
  });

  it('C5: removes temporary files of killed processes, and none that is being written', async () => {
    const hour = 60 * 60 * 1000;
    const incoming = join(system.dataDirectory, 'blobs/incoming');
    const frames = join(system.dataDirectory, 'frames/ab/cd');
    const [left, written] = [join(incoming, 'left'), join(incoming, 'written')];
    const [cached] = readdirSync(system.dataDirectory, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.parquet'),
    );
    const half =
      cached === undefined ? join(frames, 'x.parquet.t0') : join(system.dataDirectory, `${cached}.t0`);
    mkdirSync(dirname(half), { recursive: true });
    for (const path of [left, written, half]) writeFileSync(path, 'x');
    for (const path of [left, half])
      utimesSync(path, new Date(Date.now() - 2 * hour), new Date(Date.now() - 2 * hour));
    expect((await sweeper.sweep())?.temporaryFiles).toBe(2);
    expect([left, written, half].map((path) => existsSync(path))).toEqual([false, true, false]);
  });

  it('removes directories of killed attempts, but none of a file that is being read', async () => {
    const { id } = await uploaded('Shopper,n\nA,6\n');
    const names = [`${id}-1`, `${uuidOf(Date.now())}-7`];
    const paths = names.map((name) => join(system.dataDirectory, 'work', name));
    const hour = 60 * 60 * 1000;
    for (const path of paths) {
      mkdirSync(path, { recursive: true });
      writeFileSync(join(path, 'rejects.csv'), 'x');
      utimesSync(path, new Date(Date.now() - 2 * hour), new Date(Date.now() - 2 * hour));
    }
    const left = () => paths.map((path) => existsSync(path));
    const becomes = (status: string) =>
      sql(`UPDATE tasks SET status = $2, lease_until = now() + interval '1 day' WHERE upload_id = $1`, [
        id,
        status,
      ]);
    await becomes('running');
    expect((await sweeper.sweep())?.temporaryFiles).toBe(1);
    expect(left()).toEqual([true, false]);
    await becomes('succeeded');
    expect((await sweeper.sweep())?.temporaryFiles).toBe(1);
    expect(left()).toEqual([false, false]);
  });

  it('is done by one process at a time', async () => {
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => sweeper.sweep()));
    expect(outcomes.filter((outcome) => outcome !== undefined).length).toBeLessThan(4);
    expect(await sweeper.sweep()).toBeDefined();
  });
});

describe('C9: a race of sweeps with uploads of the same bytes', () => {
  it('never loses what was accepted', async () => {
    const { api } = tenant.analyst;
    const content = 'Shopper,n\nrace,1\n';
    const first = await uploaded(content);
    const race = new AbortController();
    let sweeps = 0;
    let blobs = 0;
    const sweeping = (async () => {
      while (!race.signal.aborted) {
        blobs += (await sweeper.sweep())?.blobs ?? 0;
        sweeps += 1;
      }
    })();
    let current = first.id;
    let refused = 0;
    for (let round = 0; round < 15; round += 1) {
      expectStatus(await api.delete(`/uploads/${current}`), 204);
      const path = blobPath(system, first.sha256);
      if (existsSync(path)) age(path);
      await sql(`UPDATE uploads SET deleted_at = ${LONG_AGO} WHERE id = $1`, [current]);
      const form = csvForm({ customerId: tenant.customerId, name: `race ${round}` }, content);
      const answer = await until('the upload to be accepted', async () => {
        const sent = await api.post('/datasets', form);
        if (sent.status === 503) refused += 1;
        return sent.status !== 503 && sent;
      });
      current = (await ready(api, expectStatus(answer, 202).upload.id)).id;
    }
    race.abort();
    await sweeping;
    expect(sweeps).toBeGreaterThan(15);
    expect({ blobs: blobs > 0, refused }).toEqual({ blobs: true, refused: expect.any(Number) });
    expect((await inspect(system, 'check')).differences).toEqual([]);
    expect(expectStatus(await api.get(`/uploads/${current}/file`), 200)).toBeUndefined();
  });
});

describe('a worker', () => {
  it('sweeps by itself', async () => {
    const { id, sha256 } = await uploaded('Shopper,n\nA,5\n');
    expectStatus(await tenant.analyst.api.delete(`/uploads/${id}`), 204);
    await sql(`UPDATE uploads SET deleted_at = ${LONG_AGO} WHERE id = $1`, [id]);
    age(blobPath(system, sha256));
    await system.startWorker({ ORPHAN_SWEEP_SECONDS: '1' });
    await until('the frames to be swept', async () => (await framesOf(id)).length === 0);
    expect(existsSync(blobPath(system, sha256))).toBe(false);
  });
});

/** Version 7, of that moment. */
function uuidOf(time: number): string {
  const hex = time.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}
