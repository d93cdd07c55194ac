import type { DuckDBConnection } from '@duckdb/node-api';
import type { FrameManifestEntry } from '../../model/manifest.js';
import type { Conditions } from '../conditions.js';
import { select } from '../select.js';
import type { VisibleSet, VisibleUpload } from '../visible-set.js';

const BLOCK_ROWS = 65_536;

/** Rows `[from, to)` of one upload, by their numbers. */
export interface RowBlock {
  upload: number;
  from: number;
  to: number;
  /** Those of them that match. */
  matches: number;
}

/** Where the rows that match stand: one pass that also counts them. In the order of the rows. */
export async function matchingBlocks(
  connection: DuckDBConnection,
  relation: string,
  { sql: where, values }: Conditions,
): Promise<RowBlock[]> {
  const rows = await select(
    connection,
    `SELECT upload, n // ${BLOCK_ROWS} AS block, count(*) FROM ${relation} ${where} GROUP BY ALL ORDER BY ALL`,
    values,
  );
  return rows.map(([upload, block, matches]) => {
    const from = Number(block) * BLOCK_ROWS;
    return { upload: Number(upload), from, to: from + BLOCK_ROWS, matches: Number(matches) };
  });
}

/** The blocks that hold the rows `[offset, offset + size)` of those that match, and how many matches precede them. */
export function blocksOfPage(
  blocks: readonly RowBlock[],
  offset: number,
  size: number,
): { blocks: RowBlock[]; skipped: number } {
  const found: RowBlock[] = [];
  let before = 0;
  let skipped = 0;
  for (const block of blocks) {
    if (before + block.matches <= offset) skipped += block.matches;
    else if (before < offset + size) found.push(block);
    before += block.matches;
  }
  return { blocks: found, skipped };
}

/** The frames that hold the blocks. */
export function framesOfBlocks(
  { uploads }: VisibleSet,
  blocks: readonly RowBlock[],
): { upload: VisibleUpload; frames: FrameManifestEntry[] }[] {
  return uploads.flatMap((upload) => {
    const own = blocks.filter((block) => block.upload === upload.ordinal);
    const frames = upload.manifest.filter(({ firstRow, rows }) =>
      own.some(({ from, to }) => firstRow < to && firstRow + rows > from),
    );
    return own.length === 0 ? [] : [{ upload, frames }];
  });
}

/** SQL condition of the rows of blocks. */
export const withinBlocks = (blocks: readonly RowBlock[]): string =>
  `(${blocks.map(({ upload, from, to }) => `(upload = ${upload} AND n >= ${from} AND n < ${to})`).join(' OR ')})`;
