import { readFileSync } from 'node:fs';

const EXAMPLE = new URL('../../.env.example', import.meta.url);
const PARTS = ['Apps', 'Docker Compose only', 'Scripts and tests only', 'Without effect'] as const;
type Part = (typeof PARTS)[number];

export interface ExampleEntry {
  name: string;
  value: string;
  /** Whether the line holds once the file is copied; else it shows what holds anyway. */
  active: boolean;
  explained: boolean;
}

/** The entries of .env.example by part. */
export function exampleEntries(): Record<Part, ExampleEntry[]> {
  const entries = Object.fromEntries(PARTS.map((part) => [part, [] as ExampleEntry[]])) as Record<
    Part,
    ExampleEntry[]
  >;
  let part: Part | undefined;
  let previous = '';
  for (const line of readFileSync(EXAMPLE, 'utf8').split('\n')) {
    const heading = PARTS.find((name) => line.startsWith(`# ─── ${name} `));
    if (heading !== undefined) part = heading;
    const entry = part === 'Without effect' ? withoutEffect(line) : assignment(line, previous);
    if (entry !== undefined && part !== undefined) entries[part].push(entry);
    previous = line;
  }
  return entries;
}

function assignment(line: string, previous: string): ExampleEntry | undefined {
  const [, off, name, value] = /^(#?)([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) return undefined;
  return { name, value, active: off === '', explained: /^# \S.*[.\])]?$/.test(previous) };
}

function withoutEffect(line: string): ExampleEntry | undefined {
  const [, name, reason] = /^# ([A-Z][A-Z0-9_]*): (.+)$/.exec(line) ?? [];
  return name === undefined ? undefined : { name, value: '', active: false, explained: reason !== undefined };
}
