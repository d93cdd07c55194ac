import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig } from '../../libs/frames/src/fixtures/frames-rig.js';
import { control, figure, times } from './harness/index.js';

let rig: FramesRig;
beforeAll(async () => {
  rig = await FramesRig.start();
});
afterAll(() => rig.stop());

const fileWith = (rows: number, name: string): string =>
  `name,n\n${Array.from({ length: rows }, (_, n) => `${name},${n}\n`).join('')}`;

describe('frames', () => {
  it('C2: of which MongoDB has lost one are not published', async () => {
    const { repository } = rig;
    const insert = repository.insert.bind(repository);
    // As if a write that was acknowledged had not been kept.
    repository.insert = async () => undefined;
    try {
      await expect(rig.ingest(fileWith(100, 'lost'))).rejects.toThrow(/frame|manifest/i);
    } finally {
      repository.insert = insert;
    }
    expect((await rig.ingest(fileWith(100, 'kept'))).counts.accepted).toBe(100);
  });

  it('C3: that are acknowledged survive a kill of MongoDB in the next moment', async () => {
    const kills = times(2, 20);
    for (let kill = 0; kill < kills; kill += 1) {
      const { uploadId, manifest } = await rig.ingest(fileWith(500, `kill ${kill}`));
      await control('kill', 'mongo');
      await control('start', 'mongo');
      await expect(rig.repository.verify(uploadId, 1, manifest)).resolves.toBeUndefined();
    }
    figure(
      'C3',
      `${kills} kills of MongoDB in the moment after frames were acknowledged: none missing (embedded engine)`,
    );
  });
});
