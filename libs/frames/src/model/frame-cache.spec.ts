import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FrameCache, sha256Of } from './frame-cache.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cache-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const frame = (text: string) => {
  const data = Buffer.from(text);
  return { sha256: sha256Of(data), load: vi.fn<() => Promise<Buffer>>(() => Promise.resolve(data)) };
};
const pathOf = (cache: FrameCache, wanted: ReturnType<typeof frame>): Promise<string> =>
  cache.use([wanted], ([path]) => Promise.resolve(path ?? ''));

describe('FrameCache', () => {
  it('loads a frame once, also for many at the same time, as a file nobody may write', async () => {
    const cache = new FrameCache(directory, 1000);
    const wanted = frame('abc');
    const paths = await Promise.all(Array.from({ length: 5 }, () => pathOf(cache, wanted)));
    expect(new Set(paths).size).toBe(1);
    expect(wanted.load).toHaveBeenCalledOnce();
    expect(readFileSync(paths[0] ?? '', 'utf8')).toBe('abc');
    expect(statSync(paths[0] ?? '').mode & 0o777).toBe(0o400);
  });

  it('trusts no file that another process left before its bytes are hashed (C8)', async () => {
    const wanted = frame('abc');
    const path = await pathOf(new FrameCache(directory, 1000), wanted);
    chmodSync(path, 0o600);
    writeFileSync(path, 'abX');
    await pathOf(new FrameCache(directory, 1000), wanted);
    expect(wanted.load).toHaveBeenCalledTimes(2);
    expect(readFileSync(path, 'utf8')).toBe('abc');
  });

  it('refuses loaded bytes that are not those named, and leaves nothing', async () => {
    const cache = new FrameCache(directory, 1000);
    const wrong = { ...frame('abc'), load: () => Promise.resolve(Buffer.from('abX')) };
    await expect(cache.use([wrong], () => Promise.resolve())).rejects.toThrow('damaged');
    expect(readdirSync(directory, { recursive: true })).toEqual([]);
  });

  it('takes over a file and loads it again where a query found it gone', async () => {
    const cache = new FrameCache(directory, 1000);
    const wanted = frame('abc');
    const made = join(directory, 'made');
    writeFileSync(made, 'abc');
    await cache.adopt(made, wanted.sha256);
    const path = await pathOf(cache, wanted);
    expect(wanted.load).not.toHaveBeenCalled();
    rmSync(path);
    cache.forget([wanted.sha256]);
    expect(await pathOf(cache, wanted)).toBe(path);
    expect(wanted.load).toHaveBeenCalledOnce();
    expect(readFileSync(path, 'utf8')).toBe('abc');
  });

  it('removes what was used longest ago, never what is in use', async () => {
    const cache = new FrameCache(directory, 10);
    const [pinned, old, fresh] = [frame('pinned'), frame('old'), frame('fresh')];
    const oldPath = await pathOf(cache, old);
    await cache.use([pinned], async ([pinnedPath = '']) => {
      const hourAgo = Date.now() / 1000 - 3600;
      for (const path of [oldPath, pinnedPath]) utimesSync(path, hourAgo, hourAgo);
      const freshPath = await pathOf(cache, fresh);
      await vi.waitFor(() => expect(existsSync(oldPath)).toBe(false));
      expect([existsSync(pinnedPath), existsSync(freshPath)]).toEqual([true, true]);
    });
  });
});
