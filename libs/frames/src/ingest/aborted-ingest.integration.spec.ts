import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../fixtures/frames-rig.js';

let rig: FramesRig;
beforeAll(async () => {
  rig = await FramesRig.start();
});
afterAll(() => rig.stop());

describe('an ingest', () => {
  it('ends at once when it is aborted, and the next one works', async () => {
    const content = `a,b\n${'1,2\n'.repeat(1_000_000)}`;
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const work = rig.ingest(content, { signal: abort.signal, onProgress: () => abort.abort(reason) });
    await expect(work).rejects.toBe(reason);
    expect((await rig.ingest('a\n1\n')).counts.accepted).toBe(1);
  });

  it('leaves nothing behind, at whatever moment it is aborted', async () => {
    const path = rig.fileOf('a,b\n'.padEnd(20_000_000, '1,2\n'));
    const engine = await rig.engine.oneThread();
    const scratch = join(rig.engine.scratchDirectory(), '..');
    const before = await readdir(scratch);
    const left = async (): Promise<unknown> => {
      const tables = await engine.connect((connection) =>
        connection.runAndReadAll('SELECT table_name FROM duckdb_tables()'),
      );
      return { tables: tables.getRows(), scratch: await readdir(scratch) };
    };
    for (let round = 0; round < 25; round += 1) {
      const reason = new Error('cancelled');
      const abort = new AbortController();
      setTimeout(() => abort.abort(reason), 20 * round);
      await expect(rig.ingestFile(path, { signal: abort.signal })).rejects.toBe(reason);
      expect(await left()).toEqual({ tables: [], scratch: before });
    }
    expect((await rig.ingest('a\n1\n')).counts.accepted).toBe(1);
  }, 60_000);
});
