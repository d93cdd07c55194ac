import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ZipEntry, zipOf, zipOfEntries } from '../../../test/fixtures/zip/zip-files.js';
import { type ArchiveEntry, readArchive } from './read-archive.js';

const MEBIBYTE = 1024 ** 2;
const LIMITS = { maxEntries: 100, maxBytes: 64 * MEBIBYTE, maxRatio: 100 };
const CPU_MS = 1000;

let folder: string;
let taken: Record<string, string>;
let takenBytes: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'archives-'));
  taken = {};
  takenBytes = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(bytes: Uint8Array, limits = LIMITS): Promise<ArchiveEntry[]> {
  const path = join(folder, 'archive');
  await writeFile(path, bytes);
  return readArchive(path, limits, async ({ name }, content) => {
    const unpacked = await text(content);
    taken[name] = unpacked;
    takenBytes += unpacked.length;
  });
}

const csv = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({
  name,
  content: 'a,b\n1,2\n',
  ...more,
});

describe('an archive', () => {
  it('gives its tables in their order, counts its images, and passes over the rest', async () => {
    const files = {
      'b/1.csv': 'x\n1\n',
      'a.CSV': 'x\n2\n',
      '1.png': 'image',
      '__MACOSX/._1.csv': 'no',
      'readme.txt': 'no',
    };
    expect(await read(zipOf(files))).toEqual([
      { kind: 'table', name: 'b/1.csv' },
      { kind: 'table', name: 'a.CSV' },
      { kind: 'image', name: '1.png' },
    ]);
    expect(taken).toEqual({ 'b/1.csv': 'x\n1\n', 'a.CSV': 'x\n2\n' });
  });

  it('may have folders, stored entries, and as many entries as are allowed', async () => {
    const entries = [
      { name: 'folder/', mode: 0o040755, stored: true },
      csv('folder/a.csv', { stored: true }),
    ];
    expect(await read(zipOfEntries(entries), { ...LIMITS, maxEntries: 2 })).toHaveLength(1);
  });

  it('ends with the error of whoever takes its tables', async () => {
    await writeFile(join(folder, 'archive'), zipOf({ 'a.csv': 'x'.repeat(MEBIBYTE) }));
    const reading = readArchive(join(folder, 'archive'), LIMITS, async (_entry, content) => {
      content.destroy();
      throw new Error('the disk is full');
    });
    await expect(reading).rejects.toThrow('the disk is full');
  });
});

const zeros = Buffer.alloc(20 * MEBIBYTE);
const nested = zipOf({ 'a.csv': 'a\n1\n' });

/** What is wrong, the bytes, and words of the reason. */
const HOSTILE: [string, () => Uint8Array, RegExp][] = [
  [
    'more entries than allowed',
    () => zipOfEntries(Array.from({ length: 101 }, (_, n) => csv(`${n}.csv`))),
    /101 entries/,
  ],
  [
    'a hundred thousand entries',
    () => zipOfEntries(Array.from({ length: 100_000 }, (_, n) => ({ name: `${n}`, stored: true }))),
    /100000 entries/,
  ],
  ['a name that leads upwards', () => zipOf({ '../a.csv': 'a\n1\n' }), /invalid relative path/],
  [
    'a name that leads upwards further on',
    () => zipOf({ 'x/../../a.csv': 'a\n1\n' }),
    /invalid relative path/,
  ],
  [
    'a name that leads upwards by backslashes',
    () => zipOf({ [String.raw`..\..\a.csv`]: 'a\n1\n' }),
    /invalid relative path/,
  ],
  ['an absolute name', () => zipOf({ '/etc/a.csv': 'a\n1\n' }), /absolute path/],
  ['a name with a drive', () => zipOf({ 'C:/a.csv': 'a\n1\n' }), /absolute path/],
  ['a zero byte in a name', () => zipOf({ 'a.csv\0.png': 'a\n1\n' }), /no name of a file/],
  [
    'a symbolic link',
    () => zipOfEntries([csv('a.csv', { mode: 0o120777, content: '/etc/passwd' })]),
    /link or a device/,
  ],
  ['a device', () => zipOfEntries([csv('a.csv', { mode: 0o020666 })]), /link or a device/],
  ['a named pipe', () => zipOfEntries([csv('a.csv', { mode: 0o010666 })]), /link or a device/],
  ['a socket', () => zipOfEntries([csv('a.csv', { mode: 0o140666 })]), /link or a device/],
  ['an archive in it', () => zipOf({ 'b.zip': nested }), /archive itself/],
  ['an archive in a folder of it', () => zipOf({ 'x/y/b.ZIP': nested }), /archive itself/],
  ['a gzip file in it', () => zipOf({ 'a.csv.gz': gzipSync('a\n1\n') }), /archive itself/],
  ['a tar file in it', () => zipOf({ 'a.tar': 'tar' }), /archive itself/],
  ['a 7z file in it', () => zipOf({ 'a.7z': '7z' }), /archive itself/],
  ['an encrypted entry', () => zipOfEntries([csv('a.csv', { flags: 1 })]), /encrypted/],
  ['a strongly encrypted entry', () => zipOfEntries([csv('a.csv', { flags: 0x41 })]), /encryption/],
  ['a wrong checksum', () => zipOfEntries([csv('a.csv', { crc: 1 })]), /checksum/],
  [
    'a wrong checksum of an image',
    () => zipOfEntries([csv('a.csv'), { name: 'a.png', content: 'x', crc: 1 }]),
    /checksum/,
  ],
  ['a size that is too small', () => zipOfEntries([csv('a.csv', { claimedSize: 3 })]), /too many bytes/],
  ['a size that is too large', () => zipOfEntries([csv('a.csv', { claimedSize: 300 })]), /not enough bytes/],
  [
    'a stored size that is wrong',
    () => zipOfEntries([csv('a.csv', { stored: true, claimedSize: 3 })]),
    /damaged/,
  ],
  ['a method that is unknown', () => zipOfEntries([csv('a.csv', { method: 9 })]), /method/],
  ['an entry that occurs twice', () => zipOfEntries([csv('a.csv'), csv('a.csv')]), /occurs twice/],
  [
    'entries that share bytes',
    () => zipOfEntries([csv('a.csv'), csv('b.csv', { sharing: 0 })]),
    /share bytes/,
  ],
  [
    'many entries that share bytes',
    () =>
      zipOfEntries([
        csv('a.csv', { content: zeros }),
        ...Array.from({ length: 99 }, (_, n) => csv(`${n}.csv`, { sharing: 0, content: zeros })),
      ]),
    /share bytes/,
  ],
  ['a bomb', () => zipOf({ 'a.csv': zeros }), /100 times/],
  [
    'a bomb that says it is small',
    () => zipOfEntries([csv('a.csv', { content: zeros, claimedSize: 10 })]),
    /too many bytes/,
  ],
  ['a bomb in an image', () => zipOf({ 'a.csv': 'a\n1\n', 'a.png': zeros }), /100 times/],
  [
    'a bomb of many files',
    () =>
      zipOf(
        Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}.csv`, zeros.subarray(0, MEBIBYTE)])),
      ),
    /100 times/,
  ],
  ['more bytes than allowed', () => zipOf({ 'a.csv': randomBytes(70 * MEBIBYTE) }), /bytes allowed/],
  ['no archive in it', () => Buffer.from('a,b\n1,2\n'), /damaged or no zip/],
  ['nothing in it', () => Buffer.alloc(0), /damaged or no zip/],
  ['its end cut off', () => nested.subarray(0, nested.length - 30), /damaged or no zip/],
  ['its begin cut off', () => nested.subarray(20), /damaged/],
  [
    'broken packed bytes',
    () => Buffer.concat([nested.subarray(0, 36), Buffer.from([0xff, 0xff]), nested.subarray(38)]),
    /checksum|damaged/,
  ],
  ['fewer entries than it says', () => zipOfEntries([csv('a.csv')], 5), /damaged/],
  [
    'random bytes after its signature',
    () => Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(5000)]),
    /damaged or no zip/,
  ],
];

describe('I9: an archive is refused that has', () => {
  it.each(HOSTILE)('%s', async (_what, make, reason) => {
    const bytes = make();
    const before = process.cpuUsage();
    await expect(read(bytes)).rejects.toMatchObject({
      code: 'archive_rejected',
      status: 422,
      detail: expect.stringMatching(reason),
    });
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(CPU_MS);
    expect(takenBytes).toBeLessThanOrEqual(LIMITS.maxBytes);
    expect(await readdir(folder)).toEqual(['archive']);
  });

  it('forty of them were tried', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(40));
});
