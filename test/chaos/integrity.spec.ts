import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectStatus, unique, until } from '../e2e/harness/index.js';
import { blobPath, inspect, withFrames } from '../e2e/harness/operator.js';
import { csvForm } from '../e2e/harness/uploads.js';
import {
  emptyDataset,
  expectAgreement,
  figure,
  openScene,
  randomNumbers,
  type Scene,
  settled,
  times,
} from './harness/index.js';
import { type Call, readTrace } from './harness/system-calls.js';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ workers: 1 });
});
afterAll(() => scene.system.stop());

interface Sent {
  id: string;
  sha256: string;
}

async function send(datasetId: string, content: string): Promise<Sent> {
  const answer = await scene.api.post(`/datasets/${datasetId}/uploads`, csvForm({}, content));
  const { id, sha256 } = expectStatus(answer, 202).upload;
  return { id, sha256 };
}

/** A few bytes may not be all that is damaged, but one bit is the least. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  const index = Math.floor(at * copy.length);
  copy[index] = (copy[index] ?? 0) ^ (1 << Math.floor(at * 8));
  return copy;
}

async function damageFrame({ id }: Sent, at: number): Promise<void> {
  await withFrames(scene.system, async (frames) => {
    const frame = await frames.findOne({ uploadId: id });
    if (frame === null) throw new Error(`upload ${id} has no frame`);
    const data = flipped(Buffer.from((frame['data'] as { buffer: Uint8Array }).buffer), at);
    await frames.updateOne({ _id: frame['_id'] }, { $set: { data } });
  });
}

describe('what is stored', () => {
  const canTrace = spawnSync('strace', ['-e', 'trace=none', 'true']).status === 0;

  it.skipIf(!canTrace)('C7: is on the disk, and its name too, before an upload is answered', async () => {
    const count = times(3, 50);
    const datasetId = await emptyDataset(scene);
    const directory = await mkdtemp(join(tmpdir(), 'datacore-trace-'));
    const file = join(directory, 'calls');
    const filter = 'trace=fsync,fdatasync,rename,renameat,renameat2,write,writev,sendto,sendmsg';
    const traced = [
      '-f',
      '-y',
      '-s',
      '16',
      '-e',
      filter,
      '-o',
      file,
      '-p',
      String(scene.system.apiProcess.pid),
    ];
    const strace = spawn('strace', traced, { stdio: 'ignore' });
    try {
      await until('the api to be watched', async () => (await readFile(file, 'utf8').catch(() => '')) !== '');
      const sent: Sent[] = [];
      for (let n = 0; n < count; n += 1) sent.push(await send(datasetId, `a,b\n${unique('x')},${n}\n`));
      strace.kill('SIGINT');
      await once(strace, 'exit');
      const calls = readTrace(await readFile(file, 'utf8'));
      for (const { sha256 } of sent) expect([sha256, durably(calls, sha256)]).toEqual([sha256, true]);
    } finally {
      strace.kill('SIGKILL');
      await rm(directory, { recursive: true, force: true });
    }
    figure(
      'C7',
      `${count} of ${count} uploads: fsync, rename, fsync of the directories, and only then the answer 202`,
    );
  });

  it('C8: of which one bit changes is found by a scrub, and what can be made anew is', async () => {
    const count = times(10, 100);
    const random = randomNumbers('C8');
    const datasetId = await emptyDataset(scene);
    const sent: Sent[] = [];
    for (let n = 0; n < count; n += 1) sent.push(await send(datasetId, `a,b\n${unique('x')},${n}\n`));
    await settled(scene.system);
    const [blobs, frames] = [sent.slice(0, count / 2), sent.slice(count / 2)];
    const originals = new Map<string, Buffer>();
    for (const { sha256 } of blobs) {
      const path = blobPath(scene.system, sha256);
      const bytes = await readFile(path);
      originals.set(path, bytes);
      await chmod(path, 0o600);
      await writeFile(path, flipped(bytes, random()));
    }
    for (const upload of frames) await damageFrame(upload, random());
    const { differences } = await inspect(scene.system, 'scrub');
    const found = (differences as { kind: string; id: string }[]).map(
      ({ kind, id }) => `${kind} ${id.split(':')[0]}`,
    );
    const damaged = [
      ...blobs.map(({ sha256 }) => `blob_damaged ${sha256}`),
      ...frames.map(({ id }) => `frame_damaged ${id}`),
    ];
    expect(found.toSorted()).toEqual(damaged.toSorted());
    for (const [path, bytes] of originals) await writeFile(path, bytes);
    for (const { id } of frames) expectStatus(await scene.api.post(`/uploads/${id}/reprocess`, {}), 202);
    await settled(scene.system);
    expect(await inspect(scene.system, 'scrub')).toMatchObject({ clean: true, differences: [] });
    await expectAgreement(scene.system);
    figure(
      'C8',
      `one bit changed in ${blobs.length} blobs and ${frames.length} frames: ${found.length} of ${count} found; frames read again are whole`,
    );
  });
});

/** Whether the calls that make a blob durable came in their order, and the next answer 202 after them. */
function durably(calls: readonly Call[], sha256: string): boolean {
  const renamed = calls.findIndex(
    ({ name, text }) => name.startsWith('rename') && text.includes(`/${sha256}"`),
  );
  const [, temporary = ''] = /"([^"]+)"/.exec(calls[renamed]?.text ?? '') ?? [];
  const synced = calls.findIndex(({ name, text }) => name === 'fsync' && text.includes(`<${temporary}>`));
  const directories = [sha256.slice(0, 2), sha256.slice(2, 4)];
  const leaf = `/${directories.join('/')}>`;
  const named = calls.findIndex(
    ({ name, text }, at) => at > renamed && name === 'fsync' && text.includes(leaf),
  );
  const answered = calls.findIndex(({ text }, at) => at > synced && text.includes('HTTP/1.1 202'));
  return temporary !== '' && synced >= 0 && synced < renamed && renamed < named && named < answered;
}
