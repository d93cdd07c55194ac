import { readFileSync } from 'node:fs';
import { FindingLists, FrameMismatch, type VisibleSet } from '@app/frames';
import { Problem } from '@app/problems';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FramesRig, LIMITS } from '../fixtures/frames-rig.js';

let rig: FramesRig;
beforeAll(async () => {
  rig = await FramesRig.start();
});
afterAll(() => rig.stop());

const detailOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'accepted',
    (error: unknown) => (error instanceof Problem ? `${error.status} ${error.detail}` : String(error)),
  );

/** Numbers of records to be rejected: some of every frame, all of the second. */
const bad = (index: number): boolean => index % 1000 === 7 || (index >= 65_536 && index < 131_072);

/** Of the first column, in the order of row numbers, which must have no gaps. */
const firstCells = (visible: VisibleSet): Promise<unknown[]> =>
  rig.query.withRelation(visible, async (connection, relation) => {
    const reader = await connection.runAndReadAll(`SELECT n, c0 FROM ${relation} ORDER BY n`);
    return reader.getRows().map(([n, cell], index) => (Number(n) === index ? Number(cell) : 'no row'));
  });

describe('FrameIngest', () => {
  it('stores typed rows that come back as JSON', async () => {
    const { counts, visible, columns } = await rig.ingest(
      'id,price,when,note,__proto__\n1,2.50,12/31/2010 8:26,"a ""b"", c",x\n2,,1/2/2011 10:00,"",y\n',
    );
    expect(counts).toMatchObject({ records: 2, accepted: 2, rejected: 0, duplicates: 0, anomalies: 0 });
    expect(columns.map(({ name, type, nulls, min, max }) => [name, type, nulls, min, max])).toEqual([
      ['id', 'integer', 0, 1, 2],
      ['price', 'decimal', 1, 2.5, 2.5],
      ['when', 'timestamp', 0, '2010-12-31T08:26:00', '2011-01-02T10:00:00'],
      ['note', 'text', 1, 'a "b", c', 'a "b", c'],
      ['__proto__', 'text', 0, 'x', 'y'],
    ]);
    const { rows } = await rig.query.rows(visible, { page: 1, pageSize: 10 });
    expect(JSON.stringify(rows)).toBe(
      '[{"id":1,"price":2.5,"when":"2010-12-31T08:26:00Z","note":"a \\"b\\", c","__proto__":"x"},' +
        '{"id":2,"price":null,"when":"2011-01-02T10:00:00Z","note":null,"__proto__":"y"}]',
    );
  });

  it.each([
    ['UTF-8 with BOM', Buffer.from('\ufeffname\nKöln\n')],
    ['windows-1252', Buffer.from('name\nKöln\n', 'latin1')],
    ['UTF-16LE', Buffer.from('\ufeffname\nKöln\n', 'utf16le')],
    ['UTF-16BE', Buffer.from('\ufeffname\nKöln\n', 'utf16le').swap16()],
    ['windows-1252 beyond the head', Buffer.from(`name\n${'x\n'.repeat(200_000)}Köln\n`, 'latin1')],
    ['CRLF', Buffer.from('name\r\nKöln\r\n')],
    ['CR', Buffer.from('name\rKöln\r')],
    ['mixed line ends', Buffer.from('name\r\nKöln\n')],
  ])('reads %s (I3)', async (_, content) => {
    const { visible, counts } = await rig.ingest(content);
    const filters = [{ column: 'name', operator: 'eq' as const, value: 'Köln' }];
    expect((await rig.query.rows(visible, { page: 1, pageSize: 5, filters })).count).toBe(1);
    expect(counts.rejected).toBe(0);
  });

  const long = 'y'.repeat(LIMITS.maxCellBytes);
  it.each([
    ['nothing else', 'end,1,z\n', 1, 0],
    ['other line ends', 'end,1,z\r\n', 1, 0],
    ['a record of too many cells', 'a,1,z,\nend,1,z\n', 1, 1],
    ['a record longer than what is read at a time', `end,${long},${long}\n`, 1, 0],
    ['another encoding', Buffer.from('K\xf6ln,1,z\nend,1,z\n', 'latin1'), 2, 0],
    ['a quote that never closes', 'end,1,z\n"a,1,z\n', 1, 1],
    ['a quote within text', 'a,1,5" pipe\nend,1,z\n', 2, 0],
  ])('reads a long file where %s follows what its head shows (I1)', async (_, tail, accepted, rejected) => {
    const rows = 260_000;
    const head = Buffer.from(`a,b,c\n${'x,1,z\n'.repeat(rows)}`);
    const { counts, visible } = await rig.ingest(Buffer.concat([head, Buffer.from(tail)]));
    expect(counts).toMatchObject({
      records: rows + accepted + rejected,
      accepted: rows + accepted,
      rejected,
    });
    const filters = [{ column: 'a', operator: 'eq' as const, value: 'end' }];
    expect((await rig.query.rows(visible, { page: 1, pageSize: 1, filters })).count).toBe(1);
  });

  it('rejects what does not fit a demanded type, and numbers the rest without gaps', async () => {
    const lines = Array.from({ length: 30 }, (_, index) => `${index},${index % 10 === 3 ? 'x' : index}`);
    const content = `id,quantity\n${lines.join('\n')}\nragged\n`;
    const result = await rig.ingest(content, { decideRoles: () => ({ quantity: 'quantity' }) });
    // 27 of 30 values are numbers: too few for a role that nobody asked for.
    expect(result.roles).toEqual({});
    expect(result.counts).toMatchObject({ records: 31, accepted: 30, rejected: 1 });

    const asked = await rig.ingest(content, { mapping: { roles: { quantity: 'quantity' } } });
    expect(asked.counts).toMatchObject({ records: 31, accepted: 27, rejected: 4 });
    expect(asked.columns[1]).toMatchObject({ type: 'integer', nulls: 0 });
    expect(
      asked.findings.map(({ type, column, count, firstLines }) => [type, column, count, firstLines]),
    ).toEqual([
      ['bad_cast', 'quantity', 3, [5, 15, 25]],
      ['ragged_row', null, 1, [32]],
    ]);
    const rows = await rig.rowsOf(asked.visible);
    expect(rows.map(({ id }) => id)).toEqual(
      Array.from({ length: 30 }, (_, index) => index).filter((id) => id % 10 !== 3),
    );
    expect(readFileSync(asked.artefacts.rejects ?? '', 'utf8')).toBe(
      'id,quantity\n3,x\n13,x\n23,x\nragged\n',
    );
    const list = { path: asked.artefacts.anomalies ?? '', findings: asked.findings };
    const { results } = await rig.get(FindingLists).page(list, { page: 1, pageSize: 1 });
    expect(results).toEqual([
      {
        line: 5,
        column: 'quantity',
        type: 'bad_cast',
        value: 'x',
        message: 'The value is no integer, as is demanded of this column.',
      },
    ]);
  });

  it('finds rows by their number where rows of several frames were rejected', async () => {
    const lines = Array.from({ length: 140_000 }, (_, index) => `${index},${bad(index) ? 'x' : 1}`);
    const mapping = { roles: { quantity: 'quantity' } };
    const { visible, counts, manifest } = await rig.ingest(`id,quantity\n${lines.join('\n')}\n`, { mapping });
    const good = lines.flatMap((_, index) => (bad(index) ? [] : [index]));
    expect(counts).toMatchObject({ accepted: good.length, rejected: 140_000 - good.length });
    expect(manifest.map(({ seq, firstRow }) => [seq, firstRow])).toEqual([
      [0, 0],
      [2, 65_470],
    ]);
    for (const row of [0, 65_469, 65_470, good.length - 1]) {
      const { rows } = await rig.query.rows(visible, { page: row + 1, pageSize: 1 });
      expect(rows.map(({ id }) => id)).toEqual([good[row]]);
    }
  });

  it('keeps the order of a wide table, also of what is left where rows were dropped', async () => {
    const columns = Array.from({ length: 201 }, (_, index) => `c${index}`);
    const rest = ',1'.repeat(columns.length - 1);
    // Each tenth row equals the one before.
    const lines = Array.from({ length: 6000 }, (_, index) => `${index - Number(index % 10 === 9)}${rest}`);
    const content = `${columns.join(',')}\n${lines.join('\n')}\n`;
    const kept = await rig.ingest(content);
    const dropped = await rig.ingest(content, { duplicates: 'drop' });
    expect(await firstCells(kept.visible)).toEqual(lines.map((line) => Number.parseInt(line)));
    expect(await firstCells(dropped.visible)).toEqual(
      Array.from({ length: 6000 }, (_, index) => index).filter((index) => index % 10 !== 9),
    );
  });

  it('loads mended rejects', async () => {
    const { artefacts } = await rig.ingest('a;b\n1;2\n3\n"4;5";6;7\n');
    const mended = readFileSync(artefacts.rejects ?? '', 'utf8')
      .replace('\n3\n', '\n3;9\n')
      .replace(';6;7', ';6');
    const { counts, visible } = await rig.ingest(mended);
    expect(counts).toMatchObject({ accepted: 2, rejected: 0 });
    expect(await rig.rowsOf(visible)).toEqual([
      { a: '3', b: 9 },
      { a: '4;5', b: 6 },
    ]);
  });

  it('holds later uploads to the types of the dataset', async () => {
    const { columns } = await rig.ingest('id,when\n1,2010-01-01\n');
    const later = await rig.ingest('when,id\n2010-01-02 10:00,2.5\nnever,3\n', { existingColumns: columns });
    expect(later.columns.map(({ name, type }) => [name, type])).toEqual([
      ['when', 'timestamp'],
      ['id', 'decimal'],
    ]);
    expect(later.counts).toMatchObject({ accepted: 1, rejected: 1 });
  });

  it('counts rows that equal an earlier one, and blank lines', async () => {
    const { counts, findings } = await rig.ingest('a,b\n1,x\n1,x\n\n"1",x\n1,\n1,""\n');
    expect(counts).toMatchObject({ accepted: 5, duplicates: 3, blankLines: 1, anomalies: 3 });
    expect(findings[0]).toMatchObject({ type: 'duplicate_row', firstLines: [3, 5, 7], rejected: false });
  });

  it('says what is odd about values that load all the same', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => {
      const amount = index === 30 ? 100_000 : index % 10;
      const name = index === 12 ? 'K\u{FFFD}ln' : `name ${index}`;
      return `${index},${amount},same,${20_200_101 + (index % 20)},${name}`;
    });
    const { counts, findings } = await rig.ingest(`id,amount,unit,code,name\n${lines.join('\n')}\n`);
    expect(counts).toMatchObject({ accepted: 40, rejected: 0, anomalies: 4 });
    expect(findings.map(({ type, column, firstLines }) => [type, column, firstLines])).toEqual([
      ['compact_dates', 'code', [2]],
      ['constant_column', 'unit', [2]],
      ['lost_characters', 'name', [14]],
      ['outlier', 'amount', [32]],
    ]);
  });

  it('says that dates lie after the receipt of the file, and nothing of those before it', async () => {
    const mapping = { roles: { orderedAt: 'at' } };
    const content = 'id,at\n1,2020-05-01\n2,2020-05-09 10:00\n';
    const early = await rig.ingest(content, { mapping, receivedAt: new Date('2020-05-02') });
    expect(early.findings.map(({ type, firstLines }) => [type, firstLines])).toEqual([['future_date', [3]]]);
    const late = await rig.ingest(content, { mapping, receivedAt: new Date('2020-05-09') });
    expect(late.findings).toEqual([]);
  });

  it.each([
    ['a header alone', 'a,b\n', '422 The file has a header line but no records.'],
    ['nothing', '', '422 The file is empty.'],
    ['a zip', 'PK\x03\x04', '415 This is a zip archive, not a CSV file.'],
    [
      'only ragged records',
      'a,b\n1\n2\n',
      '422 None of the 2 records can be read: all differ in form from the header.',
    ],
  ])('refuses %s', async (_, content, detail) => {
    expect(await detailOf(rig.ingest(content))).toBe(detail);
  });

  it('refuses a quote that never closes over more than a record may have, naming its line (I4)', async () => {
    const content = `a,b\n1,2\n"3,4\n${'5,6\n'.repeat(2_000_000)}`;
    expect(await detailOf(rig.ingest(content))).toMatch(/^422 The quote that opens on line 3 never closes/);
  });

  it('refuses a role that no value fits', async () => {
    const work = rig.ingest('a,b\nx,1\ny,2\n', { mapping: { roles: { quantity: 'a' } } });
    expect(await detailOf(work)).toBe(
      '422 None of the 2 rows can be loaded: "a" must be integer, which 2 values are not.',
    );
  });

  it('plans the same frames in every attempt, each within its bounds', async () => {
    const content = `n,text\n${Array.from({ length: 150_000 }, (_, index) => `${index},${'x'.repeat(index % 90)}`).join('\n')}\n`;
    const path = rig.fileOf(content);
    const [first, second] = [await rig.ingestFile(path), await rig.ingestFile(path)];
    expect(first.manifest.map(({ firstRow, rows, sha256 }) => [firstRow, rows, sha256])).toEqual(
      second.manifest.map(({ firstRow, rows, sha256 }) => [firstRow, rows, sha256]),
    );
    expect(first.manifest.map(({ rows }) => rows)).toEqual([65_536, 65_536, 18_928]);
  });

  it('lets no attempt overwrite a frame of another content (C3)', async () => {
    const { uploadId } = await rig.ingest('a\n1\n');
    await expect(rig.ingest('a\n1\n', { uploadId })).resolves.toMatchObject({ counts: { accepted: 1 } });
    await expect(rig.ingest('a\n2\n', { uploadId })).rejects.toThrow('exists with other content');
    await expect(rig.ingest('a\n2\n', { uploadId, revision: 2 })).resolves.toMatchObject({
      counts: { accepted: 1 },
    });
    expect(await rig.repository.removeRevision(uploadId, 1)).toBe(1);
  });

  it('publishes only what MongoDB holds as the manifest says (C2)', async () => {
    const { uploadId, manifest } = await rig.ingest('a\n1\n');
    const [entry] = manifest;
    await expect(rig.repository.verify(uploadId, 1, manifest)).resolves.toBeUndefined();
    for (const wrong of [
      [],
      [{ ...entry, rows: 2 }],
      [{ ...entry, sha256: 'x' }],
      [entry, { ...entry, seq: 1 }],
    ]) {
      await expect(rig.repository.verify(uploadId, 1, wrong as typeof manifest)).rejects.toBeInstanceOf(
        FrameMismatch,
      );
    }
    await rig.repository.removeRevision(uploadId, 1);
    await expect(rig.repository.verify(uploadId, 1, manifest)).rejects.toBeInstanceOf(FrameMismatch);
  });
});
