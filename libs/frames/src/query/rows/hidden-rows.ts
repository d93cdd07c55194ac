import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral, readParquet } from '../../engine/sql.js';
import { select } from '../select.js';
import type { SupersededRows } from '../visible-set.js';

/** Visible rows among the eight that a byte stands for, in which a bit hides a row. */
const VISIBLE_IN_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => {
  let visible = 8;
  for (let bits = byte; bits > 0; bits >>= 1) visible -= bits & 1;
  return visible;
});

/** Up to so many ranges of neighbouring rows are compared faster than a bit is looked up. */
const MOST_RANGES = 16;

/**
 * Rows of an upload that readers do not see, one bit a row. In SQL that is a constant which each row is held against: it
 * costs less than half of a join with their numbers, and rows keep their order. A part of a file that came again later is
 * a range or a few.
 */
export class HiddenRows {
  /** SQL condition, over `n`, of the rows that are visible. */
  readonly condition: string;
  private readonly bytes: Buffer;

  private constructor(base64: string) {
    this.bytes = Buffer.from(base64, 'base64');
    const ranges = rangesOf(this.bytes, MOST_RANGES + 1);
    this.condition =
      ranges.length > MOST_RANGES
        ? `get_bit(CAST(from_base64(${quoteLiteral(base64)}) AS BIT), CAST(n AS INTEGER)) = 0`
        : `NOT (${ranges.map(([first, last]) => `n BETWEEN ${first} AND ${last}`).join(' OR ')})`;
  }

  /**
   * @param paths files of the table of superseded rows
   * @param rows of the upload, hidden ones included
   */
  static async read(
    connection: DuckDBConnection,
    { ordinal }: SupersededRows,
    paths: readonly string[],
    rows: number,
  ): Promise<HiddenRows> {
    // Whole bytes, as those that are cut would be filled up in front.
    const last = Math.ceil(rows / 8) * 8 - 1;
    const [[base64] = []] = await select(
      connection,
      `SELECT to_base64(CAST(bitstring_agg(c1, 0, ${last}) AS BLOB)) FROM ${readParquet(paths)} WHERE c0 = ${ordinal}`,
    );
    if (typeof base64 !== 'string') throw new Error(`No row of upload ${ordinal} is superseded.`);
    return new HiddenRows(base64);
  }

  get sizeBytes(): number {
    return this.condition.length + this.bytes.length;
  }

  /** Number `n` of the visible row at a position, both from 0. */
  numberAt(position: number): number {
    let left = position;
    let byte = 0;
    while (byte < this.bytes.length) {
      const visible = VISIBLE_IN_BYTE[this.bytes[byte] as number] as number;
      if (visible > left) break;
      left -= visible;
      byte += 1;
    }
    for (let bit = 0; bit < 8; bit += 1) {
      const hidden = ((this.bytes[byte] ?? 0) & (0x80 >> bit)) !== 0;
      if (hidden) continue;
      if (left === 0) return byte * 8 + bit;
      left -= 1;
    }
    return byte * 8 + left;
  }
}

/** First and last of the neighbouring rows whose bits are set; no more ranges than `most`. */
function rangesOf(bytes: Buffer, most: number): [number, number][] {
  const ranges: [number, number][] = [];
  for (let row = 0; row < bytes.length * 8 && ranges.length < most; row += 1) {
    const byte = bytes[row >> 3] as number;
    if (byte === 0) row |= 7;
    else if ((byte & (0x80 >> (row & 7))) !== 0) {
      const last = ranges.at(-1);
      if (last?.[1] === row - 1) last[1] = row;
      else ranges.push([row, row]);
    }
  }
  return ranges;
}
