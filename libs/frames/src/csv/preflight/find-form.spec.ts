import { describe, expect, it } from 'vitest';
import { preflight, type PreflightOptions } from './preflight.js';

const OPTIONS: PreflightOptions = { complete: true, limits: { maxColumns: 50, maxHeaderLength: 256 } };
const look = (text: string | Buffer, options: Partial<PreflightOptions> = {}) =>
  preflight(Buffer.from(text as string), { ...OPTIONS, ...options });

describe('the form of a table', () => {
  it('has runs of spaces as one delimiter, and none at the ends of a line', () => {
    const { dialect, headers, preview } = look(' id   name  cds\n 0001 Ann   2 \n 02   "B b" 13\n');
    expect(dialect.delimiter).toBe(' ');
    expect(headers).toEqual(['id', 'name', 'cds']);
    expect(preview).toEqual([
      ['0001', 'Ann', '2'],
      ['02', 'B b', '13'],
    ]);
  });

  it.each([
    ['names of two words', 'full name\nJohn Smith\nMary Jones\n'],
    ['prose', 'note\nshe came at 8\nhe left at 9 or so\n'],
  ])('is one column where it holds %s', (_, text) => {
    const { dialect, headers } = look(text);
    expect([dialect.delimiter, headers.length]).toEqual([',', 1]);
    expect(dialect.evidence.delimiter).toBe('Nothing splits the records evenly: one column.');
  });

  it('prefers a delimiter that cells have to spaces within them', () => {
    expect(look('first name,last name\nJohn A,Smith 1\n').dialect.delimiter).toBe(',');
  });

  it('has backslashes before quotes where doubled ones would break the records', () => {
    const { dialect, preview } = look(String.raw`a,b
"say \"hi, you\"",C:\new
"\\",2
`);
    expect(dialect).toMatchObject({ quote: '"', escape: '\\' });
    expect(preview).toEqual([
      ['say "hi, you"', String.raw`C:\new`],
      ['\\', '2'],
    ]);
  });

  it('takes a backslash at the end of a quoted cell for text where that reads well', () => {
    const { dialect, preview } = look('a,b\n"C:\\dir\\",1\n"x","y ""z"""\n');
    expect(dialect.escape).toBe('"');
    expect(preview[0]).toEqual(['C:\\dir\\', '1']);
  });

  it('has apostrophes for quotes where they stand around cells throughout', () => {
    const { dialect, preview } = look("'a','b'\n'1, 2','it''s'\n'3','4'\n");
    expect(dialect).toMatchObject({ quote: "'", escape: "'" });
    expect(preview[0]).toEqual(['1, 2', "it's"]);
  });

  it.each(["a,b\n'tis,1\n'twas,2\n", "a,b\n'-5,1\n'=x,2\n", 'a,b\n\'x\',1\n"y",2\n'])(
    'leaves apostrophes alone in %j',
    (text) => {
      expect(look(text).dialect.quote).toBe('"');
    },
  );

  it('says what speaks for it, and what was given', () => {
    const { evidence } = look('a;b\n1;2\n3;4\n').dialect;
    expect(evidence).toEqual({
      encoding: 'All bytes are ASCII.',
      delimiter: '3 of the first 3 records have 2 cells between semicolons.',
      quote: 'Double quotes, doubled within quotes (RFC 4180).',
      header: 'The first record names the columns: it has other text above 2 columns of numbers or dates.',
    });
    const overrides = { encoding: 'latin1', delimiter: ',', header: true };
    expect(look('a;b\n1;2\n', { overrides }).dialect.evidence).toMatchObject({
      encoding: 'Given with the upload.',
      delimiter: 'Given with the upload.',
      header: 'Given with the upload.',
    });
  });
});

describe('lines before a table', () => {
  const TABLE = 'id,name,amount\n1,Ann,2.50\n2,Bob,3\n3,Cid,4\n';

  it.each([
    ['a title', 'Sales of May\n', 1],
    ['a title, a note and a blank line', 'Sales of May\nStore: Berlin, Mitte\n\n', 3],
    ['a comment', '# made by hand\n', 1],
    ['lines with all delimiters', 'Sales of May,,\n,,\n', 2],
    ['a line that Git left', '<<<<<<< HEAD\n', 1],
  ])('are no part of it: %s', (_, preamble, lines) => {
    const { dialect, headers, preview } = look(preamble + TABLE);
    expect(dialect).toMatchObject({ preambleLines: lines, header: true, delimiter: ',' });
    expect(headers).toEqual(['id', 'name', 'amount']);
    expect(preview).toHaveLength(3);
    expect(dialect.evidence.header).toMatch(`The ${lines} lines before line ${lines + 1} are no part`);
  });

  it.each([
    ['a header with a name too few', 'name,amount\n1,Ann,2.50\n2,Bob,3\n'],
    ['columns without numbers or dates', 'title\na,b\nc,d\ne,f\n'],
    ['ragged records', 'a,b,c\n1\n2,3\n4,5,6\n'],
  ])('are not seen in %s', (_, text) => {
    expect(look(text).dialect.preambleLines).toBe(0);
  });

  it('are not looked for where the header is given', () => {
    const { headers } = look(`Sales\n${TABLE}`, { overrides: { header: true } });
    expect(headers).toEqual(['Sales']);
  });
});

describe('a missing header', () => {
  it.each([
    ['numbers above numbers', '1,Ann\n2,Bob\n', 2],
    ['a date above dates', 'Ann,2020-01-01\nBob,2020-01-02\n', 2],
    ['ids with leading zeros', ' 00004 1 19970101 2 29.33\n 00021 3 19970118 2 29.73\n', 5],
  ])('is seen by %s', (_, text, columns) => {
    const { dialect, names, preview } = look(text);
    expect(dialect.header).toBe(false);
    expect(names).toEqual(Array.from({ length: columns }, (_unused, index) => `column${index + 1}`));
    expect(preview).toHaveLength(2);
  });

  it.each([
    ['words above numbers', 'a,b\n1,2\n'],
    ['words above words', 'a,b\nc,d\n'],
    ['years beside a word', 'Country,2010,2011\nFrance,1,2\nSpain,3,4\n'],
    ['one name that is no number', '1,b\n2,3\n4,5\n'],
    ['empty names above numbers', ',b\n1,x\n2,y\n'],
  ])('is not seen in %s', (_, text) => {
    expect(look(text).dialect.header).toBe(true);
  });

  it('is what the caller says', () => {
    expect(look('a,b\nc,d\n', { overrides: { header: false } }).names).toEqual(['column1', 'column2']);
    expect(look('1,2\n3,4\n', { overrides: { header: true } }).names).toEqual(['1', '2']);
  });
});
