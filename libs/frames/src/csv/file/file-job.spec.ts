import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { PLAIN_QUOTING } from '../dialect.js';
import { preflight } from '../preflight/preflight.js';
import { isSimple, scanFile } from '../scan/scan-file.js';
import { locateRecords } from './locate-records.js';
import { normaliseFile } from './normalise-file.js';
import type { TableSource } from './table-source.js';
import { transcodeFile } from './transcode-file.js';

const directory = mkdtempSync(join(tmpdir(), 'frames-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let files = 0;
const fresh = (): string => join(directory, `file-${(files += 1)}`);
const ignore = (): void => {};

function empty(): string {
  const path = fresh();
  writeFileSync(path, '');
  return path;
}

const LIMITS = {
  maxRecordBytes: 100,
  maxCellBytes: 50,
  maxColumns: 2000,
  maxHeaderLength: 256,
  maxUploadBytes: 1e9,
  maxInflateRatio: 100,
};
const NOTHING = { checkUtf8: false, parseAll: false };

function sourceOf(content: string | Buffer, columns: number): TableSource {
  const path = fresh();
  writeFileSync(path, content);
  return {
    path,
    sizeBytes: statSync(path).size,
    start: 0,
    firstLine: 1,
    delimiter: ',',
    ...PLAIN_QUOTING,
    header: true,
    columns,
    limits: LIMITS,
  };
}

describe('scanFile', () => {
  it('counts records, blank lines and what is rejected for its form', () => {
    const source = sourceOf(`a,b\n1,2\n\n3\n"4,5\n6",7\n8,${'x'.repeat(51)}\n"9"9,1\n5" pipe,2\n`, 2);
    expect(scanFile(source, ignore)).toMatchObject({
      records: 6,
      rejected: 3,
      blankLines: 1,
      quotesInText: 1,
      lineEnds: { lf: 8, crlf: 0, cr: 0 },
      validUtf8: true,
      frames: [{ first: 0, records: 3 }],
    });
  });

  it('names the line of a quote that never closes', () => {
    expect(scanFile(sourceOf('a,b\n1,2\n3,"4\n5,6\n', 2), ignore)).toMatchObject({
      records: 2,
      rejected: 1,
      unclosedQuoteLine: 3,
    });
  });

  it.each([
    ['plain', 'a,b\n1,2\n', true],
    ['blank lines between', 'a,b\n1,2\n\n3,4\n', true],
    ['two kinds of line ends', 'a,b\n1,2\r\n', false],
    ['a ragged record', 'a,b\n1\n', false],
    ['a quote in text', 'a,b\n5",2\n', false],
    ['blank lines first', '\na,b\n1,2\n', false],
    ['broken UTF-8', Buffer.from('a,b\n\xff,2\n', 'latin1'), false],
  ])('calls %s simple or not', (_, content, simple) => {
    expect(isSimple(scanFile(sourceOf(content, 2), ignore))).toBe(simple);
  });
});

describe('the line of the first record', () => {
  it.each([
    ['lines of one record each', 'a,b\n1,2\n3,4\n', 2],
    ['a last line without its end', 'a,b\r\n1,2\r\n3,4', 2],
    ['a blank line after the header', 'a,b\n\n1,2\n3,4\n', 3],
    ['a header of two lines', '"a\n",b\n1,2\n', 3],
    ['a blank line between', 'a,b\n1,2\n\n3,4\n', undefined],
    ['a record of two lines', 'a,b\n1,"2\n"\n3,4\n', undefined],
    ['a record of two lines at the end', 'a,b\n1,2\n3,"4\n"\n', 2],
  ])('tells all others, or is not told: %s', (_, content, line) => {
    expect(scanFile(sourceOf(content, 2), ignore).firstLine).toBe(line);
  });
});

describe('normaliseFile and locateRecords', () => {
  it('agree on what loads, and give the rest with its line and reason', () => {
    const text = '\r\na,b\r\n1,2\r\n3\n5" pipe,x\r"6\n6",7\n"8"8,9\n10,11';
    const source = sourceOf(text, 2);
    const target = fresh();
    expect(normaliseFile(source, { ...NOTHING, target }, ignore)).toEqual({
      records: 6,
      rejected: 2,
      blankLines: 1,
      frames: [{ first: 0, records: 4 }],
    });
    expect(readFileSync(target, 'utf8')).toBe('1,2\n"5"" pipe",x\n"6\n6",7\n10,11\n');

    const [flagged, located, rejects] = [fresh(), fresh(), fresh()];
    writeFileSync(flagged, '1,true\n3,false\n');
    locateRecords(
      source,
      { ...NOTHING, flagged, located, rejects, encoding: 'utf-8', byteOrderMark: Buffer.alloc(0) },
      ignore,
    );
    expect(readFileSync(located, 'utf8').split('\n')).toEqual([
      ',4,ragged_row,1',
      '1,5,,',
      ',8,invalid_quote,2',
      '3,9,,',
      '',
    ]);
    expect(readFileSync(rejects, 'utf8')).toBe('a,b\n3\n5" pipe,x\n"8"8,9\n');
  });

  it('reject records that are no UTF-8, alone', () => {
    const source = sourceOf(
      Buffer.concat([Buffer.from('a,b\né,2\n'), Buffer.from([0xff]), Buffer.from(',4\n')]),
      2,
    );
    const target = fresh();
    expect(normaliseFile(source, { checkUtf8: true, parseAll: false, target }, ignore)).toMatchObject({
      rejected: 1,
    });
    expect(readFileSync(target, 'utf8')).toBe('é,2\n');
  });

  it('write rejects in the encoding of the upload', () => {
    const original = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a,b\nä,1\nö\n', 'utf16le')]);
    const [path, utf8, rejects] = [fresh(), fresh(), fresh()];
    writeFileSync(path, original);
    expect(transcodeFile({ path, start: 2, encoding: 'utf-16le', target: utf8 }, ignore)).toBe(true);
    const source = sourceOf(readFileSync(utf8), 2);
    const job = {
      ...NOTHING,
      flagged: empty(),
      located: fresh(),
      rejects,
      encoding: 'utf-16le',
      byteOrderMark: original.subarray(0, 2),
    };
    locateRecords(source, job, ignore);
    expect(readFileSync(rejects).subarray(2).toString('utf16le')).toBe('a,b\nö\n');
  });

  it('copies rejected records that are longer than memory allows', () => {
    const long = 'x'.repeat(3_000_000);
    const source = sourceOf(`a,b\n1,2\n${long},1\n3,4\n`, 2);
    const [target, located, rejects] = [fresh(), fresh(), fresh()];
    expect(normaliseFile(source, { ...NOTHING, target }, ignore)).toMatchObject({ records: 3, rejected: 1 });
    expect(readFileSync(target, 'utf8')).toBe('1,2\n3,4\n');
    const job = {
      ...NOTHING,
      flagged: empty(),
      located,
      rejects,
      encoding: 'utf-8',
      byteOrderMark: Buffer.alloc(0),
    };
    locateRecords(source, job, ignore);
    expect(readFileSync(located, 'utf8')).toBe(',3,record_too_large,2\n');
    expect(readFileSync(rejects, 'utf8') === `a,b\n${long},1\n`).toBe(true);
  });
});

describe('a rejected record that is longer than memory allows', () => {
  it('is written in the encoding of the upload, also where a piece of it cuts a character', () => {
    const long = 'ä€'.repeat(1_200_000);
    const source = sourceOf(`a,b\n1,2\n${long},1\n`, 2);
    const rejects = fresh();
    const job = { ...NOTHING, flagged: empty(), located: fresh(), rejects, byteOrderMark: Buffer.alloc(0) };
    locateRecords(source, { ...job, encoding: 'utf-16le' }, ignore);
    expect(readFileSync(rejects).toString('utf16le') === `a,b\n${long},1\n`).toBe(true);
  });
});

describe('transcodeFile', () => {
  it('refuses what is no text in the encoding', () => {
    const path = fresh();
    writeFileSync(path, Buffer.from('a,b\n\xff\n', 'latin1'));
    expect(transcodeFile({ path, start: 0, encoding: 'utf-8', target: fresh() }, ignore)).toBe(false);
  });
});

const { TEST_DATA_DIR } = process.env;

describe.skipIf(TEST_DATA_DIR === undefined)('the corpora of other CSV readers', () => {
  it('have as many records for the scan as for csv-parse, wherever that reads them', () => {
    const root = join(TEST_DATA_DIR ?? '', 'corpora');
    const differing: string[] = [];
    let compared = 0;
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      const path = join(root, name);
      if (!/\.(?:csv|txt|tsv)$/.test(name) || !statSync(path).isFile()) continue;
      const bytes = readFileSync(path);
      try {
        const options = { complete: true, limits: LIMITS };
        const { dialect, names } = preflight(bytes, options);
        if (dialect.encoding !== 'utf-8') continue;
        const records = parse(bytes, {
          bom: true,
          delimiter: dialect.delimiter,
          record_delimiter: ['\r\n', '\n', '\r'],
          relax_column_count: true,
          skip_empty_lines: names.length > 1,
        });
        const source = {
          ...sourceOf(bytes, names.length),
          delimiter: dialect.delimiter,
          start: dialect.bomBytes,
        };
        compared += 1;
        if (scanFile(source, ignore).records !== records.length - 1) differing.push(name);
      } catch {
        // Refused by the preflight, or quotes that csv-parse does not read.
      }
    }
    expect(differing).toEqual([]);
    expect(compared).toBeGreaterThan(300);
  });
});
