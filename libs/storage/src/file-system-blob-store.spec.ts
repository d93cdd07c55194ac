import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blobStoreSuite } from './fixtures/blob-store-suite.js';
import { FileSystemBlobStore } from './file-system-blob-store.js';
import { ABANDONED_AFTER_MS } from './staging-area.js';

const BYTES = Buffer.from('InvoiceNo,StockCode\n536365,85123A\n');
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const ANY_SIZE = { maxBytes: 1024 ** 3 };

let root: string;
let store: FileSystemBlobStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'blobs-'));
  store = new FileSystemBlobStore(root);
  await store.prepare();
});
afterEach(() => rm(root, { recursive: true, force: true }));

blobStoreSuite(() => store);

const incoming = (): Promise<string[]> => readdir(join(root, 'incoming'));
const address = join(SHA256.slice(0, 2), SHA256.slice(2, 4), SHA256);
const staged = () => store.stage(Readable.from([BYTES]), ANY_SIZE);

describe('staging', () => {
  test('tells size and SHA-256, and the bytes as they arrive', async () => {
    const totals: number[] = [];
    const source = Readable.from([BYTES.subarray(0, 5), BYTES.subarray(5)]);
    const blob = await store.stage(source, { ...ANY_SIZE, onBytes: (total) => totals.push(total) });
    expect(blob).toMatchObject({ sizeBytes: BYTES.length, sha256: SHA256 });
    expect(totals).toEqual([5, BYTES.length]);
    expect(await readFile(blob.path)).toEqual(BYTES);
  });

  test.each([0, 1])('I1: takes a file that is %i bytes below the size limit', async (room) => {
    const blob = await store.stage(Readable.from([BYTES]), { maxBytes: BYTES.length + room });
    expect(blob.sizeBytes).toBe(BYTES.length);
  });

  test('I1: refuses a file that is one byte over the size limit, and leaves nothing', async () => {
    const staging = store.stage(Readable.from([BYTES]), { maxBytes: BYTES.length - 1 });
    await expect(staging).rejects.toMatchObject({ code: 'payload_too_large' });
    expect(await incoming()).toEqual([]);
  });

  test('C5: leaves nothing where the source breaks off', async () => {
    const source = new PassThrough();
    source.write(BYTES);
    const staging = store.stage(source, ANY_SIZE);
    source.destroy(new Error('connection reset'));
    await expect(staging).rejects.toThrow('connection reset');
    expect(await incoming()).toEqual([]);
  });

  test('C5: leaves nothing where the source fails at once', async () => {
    for (let round = 0; round < 50; round += 1) {
      const source = new PassThrough();
      const staging = store.stage(source, ANY_SIZE);
      source.destroy(new Error('refused'));
      await expect(staging).rejects.toThrow('refused');
      expect(await incoming()).toEqual([]);
    }
  });

  test('C5: removes what a killed process left, and nothing younger', async () => {
    const old = join(root, 'incoming', 'old');
    await writeFile(old, BYTES);
    await writeFile(join(root, 'incoming', 'young'), BYTES);
    const then = new Date(Date.now() - ABANDONED_AFTER_MS - 1000);
    await utimes(old, then, then);
    await store.prepare();
    expect(await incoming()).toEqual(['young']);
  });

  test('discards', async () => {
    const blob = await staged();
    await store.discard(blob);
    await store.discard(blob);
    expect(await incoming()).toEqual([]);
  });
});

describe('a committed blob', () => {
  test('stands under its content address and nowhere else', async () => {
    await store.commit(await staged());
    expect(await store.localPath(SHA256)).toBe(join(root, address));
    expect(await buffer(await store.open(SHA256))).toEqual(BYTES);
    expect(await incoming()).toEqual([]);
  });

  test('may be committed again, staged once or twice', async () => {
    const blob = await staged();
    await store.commit(blob);
    await store.commit(blob);
    await store.commit(await staged());
    expect(await buffer(await store.open(SHA256))).toEqual(BYTES);
    expect(await incoming()).toEqual([]);
  });

  test('is gone once removed', async () => {
    await store.commit(await staged());
    await store.remove(SHA256);
    await store.remove(SHA256);
    await expect(store.open(SHA256)).rejects.toMatchObject({ code: 'not_found' });
    await expect(store.localPath(SHA256)).rejects.toMatchObject({ code: 'not_found' });
  });

  test('cannot be asked for by a path', async () => {
    await expect(store.localPath('../../etc/passwd')).rejects.toThrow(RangeError);
  });

  test('is not there where committing failed', async () => {
    const blob = await staged();
    await rm(blob.path);
    await expect(store.commit(blob)).rejects.toThrow('ENOENT');
    await expect(store.localPath(SHA256)).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what is stored', () => {
  test('is listed with size and time, temporary files left out', async () => {
    await store.commit(await staged());
    await staged();
    const listed = [];
    for await (const blob of store.list()) listed.push(blob);
    expect(listed).toEqual([{ sha256: SHA256, sizeBytes: BYTES.length, modifiedAt: expect.any(Date) }]);
    expect(await store.sizeOf(SHA256)).toBe(BYTES.length);
    expect(await store.sizeOf('0'.repeat(64))).toBeNull();
  });

  test('goes only where its bytes are older than said', async () => {
    await store.commit(await staged());
    const { mtimeMs } = await stat(join(root, address));
    expect(await store.removeOlder(SHA256, new Date(mtimeMs - 1000))).toBe(false);
    expect(await store.sizeOf(SHA256)).toBe(BYTES.length);
    expect(await store.removeOlder(SHA256, new Date(mtimeMs + 1000))).toBe(true);
    expect(await store.sizeOf(SHA256)).toBeNull();
    expect(await store.removeOlder(SHA256, new Date())).toBe(false);
  });
});

describe('on a full disk', () => {
  const SIZE = 1024 ** 2;
  const mounted = (): boolean =>
    spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', root]).status === 0;

  test('C7: says so, leaves nothing, and is well again once there is space', async (context) => {
    // Only a file system of its own can be filled, and only root may mount one.
    context.skip(!mounted(), 'cannot mount a small file system');
    try {
      await store.prepare();
      const staging = store.stage(Readable.from([Buffer.alloc(SIZE), Buffer.alloc(SIZE)]), ANY_SIZE);
      await expect(staging).rejects.toMatchObject({ code: 'unavailable', detail: 'The storage is full.' });
      expect(await incoming()).toEqual([]);
      await store.commit(await staged());
      expect(await buffer(await store.open(SHA256))).toEqual(BYTES);
    } finally {
      spawnSync('umount', [root]);
    }
  });
});
