import { readFileSync } from 'node:fs';
import { ANOMALY_TYPES, DELIMITERS } from '@app/frames';
import { environmentSchema } from '@app/config';
import { Problem } from '@app/problems';
import { describe, expect, it } from 'vitest';

const page = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');

/** Rows of the table below a heading, as trimmed cells. */
function table(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const code = (cell = ''): string => /`([^`]+)`/.exec(cell)?.[1] ?? '';

describe('docs/formats.md', () => {
  it('names every type of anomaly, and whether it rejects', () => {
    const said = table('Anomalies').map(([type, rejects]) => [code(type), rejects === 'yes'] as const);
    const real = Object.entries(ANOMALY_TYPES).map(([type, { rejects }]) => [type, rejects] as const);
    expect(new Map(said)).toEqual(new Map(real));
  });

  it('names every limit with its default', () => {
    const ofFiles = Object.entries(environmentSchema.parse({})).filter(([name]) =>
      /^MAX_(?:UPLOAD|INFLATE|DRY_RUN|COLUMNS|HEADER|RECORD|CELL)/.test(name),
    );
    const said = table('Limits').map(([name, value]) => [code(name), Number(value)] as const);
    expect(Object.fromEntries(said)).toEqual(Object.fromEntries(ofFiles));
  });

  it('says what happens beyond a limit and of what is refused in codes that there are', () => {
    const answers = [...table('Limits').map((row) => row[2]), ...table('Refusals').map((row) => row[1])];
    for (const answer of answers) {
      const name = code(answer);
      if (name in ANOMALY_TYPES) continue;
      const { status } = new Problem(name as ConstructorParameters<typeof Problem>[0], 'x');
      expect(status).toBeGreaterThanOrEqual(400);
      expect(answer).toMatch(new RegExp(`^(?:${status} |the task fails with )`));
    }
  });

  it('names every delimiter', () => {
    const words = ['comma', 'semicolon', 'tab', 'bar', 'spaces'];
    expect(words).toHaveLength(DELIMITERS.length);
    for (const word of words) expect(page).toContain(word);
  });
});
