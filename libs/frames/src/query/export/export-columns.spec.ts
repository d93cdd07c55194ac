import { describe, expect, it } from 'vitest';
import { csvHeader, distinctWhateverCase } from './export-columns.js';

describe('the header of an export', () => {
  it('is one CSV record, quoted where it must be', () => {
    expect(csvHeader(['a', 'b, c', 'say "x"', 'two\nlines'], true)).toBe(
      'a,"b, c","say ""x""","two\nlines"\r\n',
    );
  });

  it('is as safe as the cells', () => {
    expect(csvHeader(['=1', '-x', '＠', 'a=1'], true)).toBe("'=1,'-x,'＠,a=1\r\n");
    expect(csvHeader(['=1', '-x'], false)).toBe('=1,-x\r\n');
  });
});

describe('names of Parquet columns', () => {
  it('differ in more than case', () => {
    expect(distinctWhateverCase(['Name', 'name', 'NAME', 'other'])).toEqual([
      'Name',
      'name (2)',
      'NAME (3)',
      'other',
    ]);
  });

  it('do not take a name that another column has', () => {
    expect(distinctWhateverCase(['a', 'A', 'A (2)'])).toEqual(['a', 'A (3)', 'A (2)']);
  });
});
