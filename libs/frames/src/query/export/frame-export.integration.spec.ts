import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { type ExportedTable, FrameExport, type VisibleSet } from '@app/frames';
import { Problem } from '@app/problems';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FramesRig } from '../../fixtures/frames-rig.js';

const ROWS = 140_000;
const MAX_OPEN = 3;

let rig: FramesRig;
let visible: VisibleSet;
let text: string;

beforeAll(async () => {
  rig = await FramesRig.start({ MAX_EXPORTS_OPEN: String(MAX_OPEN) });
  const lines = Array.from({ length: ROWS }, (_, id) => `${id},${id % 9}`);
  visible = (await rig.ingest(`id,digit\n${lines.join('\n')}\n`)).visible;
  text = ['id,digit', ...lines, ''].join('\r\n');
});
afterAll(() => rig.stop());

const begin = (signal = new AbortController().signal): Promise<ExportedTable> =>
  rig.get(FrameExport).write(visible, { format: 'csv', raw: true }, signal);

async function read({ content }: ExportedTable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** Where DuckDB puts what it has no room for in memory. */
const SPILL = ['spill', 'one-thread'];

/** What lies where exports are written. */
function leftovers(): string[] {
  const own = rig.engine.scratchDirectory();
  rmSync(own, { recursive: true });
  return readdirSync(dirname(own)).filter((name) => !SPILL.includes(name));
}

describe('exports that are open', () => {
  it('are as many as there may be and no more; one that is closed makes room, and nothing is left', async () => {
    const tables = await Promise.all(Array.from({ length: MAX_OPEN }, () => begin()));
    await expect(begin()).rejects.toThrow(Problem);
    await expect(begin()).rejects.toMatchObject({ code: 'unavailable' });
    const [first, ...others] = tables as [ExportedTable, ...ExportedTable[]];
    first.content.destroy();
    await once(first.content, 'close');
    const another = await begin();
    expect(another.rowCount).toBe(ROWS);
    expect(await read(another)).toBe(text);
    for (const { content } of others) content.destroy();
    await vi.waitFor(() => expect(leftovers()).toEqual([]));
    expect(await read(await begin())).toBe(text);
  });

  it('end with an error where their signal ends them in the middle', async () => {
    const leaving = new AbortController();
    const table = await begin(leaving.signal);
    leaving.abort(new Error('gone'));
    await expect(read(table)).rejects.toThrow('gone');
    await vi.waitFor(() => expect(leftovers()).toEqual([]));
  });
});
