import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ComposeService {
  image: string;
  build?: string;
  command?: string[];
  container_name?: string;
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string>;
  healthcheck?: { test?: string[]; disable?: boolean };
  ports?: string[];
  restart?: string;
  stop_grace_period?: string;
  volumes?: string[];
}

export interface ComposeFile {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

export interface Variable {
  name: string;
  /** What stands where the variable is not set; undefined where starting is refused then. */
  fallback: string | undefined;
}

const COMPOSE = new URL('../../docker-compose.yml', import.meta.url);

export function composeText(): string {
  return readFileSync(COMPOSE, 'utf8');
}

/** The file as Compose reads it: merges applied, variables still as written. */
export function rawCompose(): ComposeFile {
  return parse(composeText(), { merge: true }) as ComposeFile;
}

/** The file with its variables replaced. Throws, as Compose does, where a required one is missing. */
export function composeWith(environment: Record<string, string>): ComposeFile {
  const replaced = JSON.stringify(rawCompose(), (_key, value: unknown) =>
    typeof value === 'string' ? interpolate(value, environment) : value,
  );
  return JSON.parse(replaced) as ComposeFile;
}

/** Every `${NAME…}` of a text, those inside the fallback of another included. */
export function variables(text: string): Variable[] {
  return expressions(text).flatMap(({ body }) => {
    const { name, operator, rest } = take(body);
    const fallback = operator === ':?' ? undefined : rest;
    return [{ name, fallback }, ...variables(rest)];
  });
}

/** The forms of Compose that the file uses: `${NAME:-fallback}`, nested, `${NAME:?message}`, and `$$` for a dollar. */
function interpolate(text: string, environment: Record<string, string>): string {
  let result = '';
  let from = 0;
  for (const { start, end, body } of expressions(text)) {
    const { name, operator, rest } = take(body);
    const value = environment[name] ?? '';
    if (value === '' && operator === ':?') throw new Error(rest);
    result += text.slice(from, start) + (value === '' ? interpolate(rest, environment) : value);
    from = end;
  }
  return (result + text.slice(from)).replaceAll('$$', '$');
}

function take(body: string): { name: string; operator: string; rest: string } {
  const [, name, operator, rest] = /^([A-Z][A-Z0-9_]*)(:-|:\?)(.*)$/s.exec(body) ?? [];
  if (name === undefined || operator === undefined || rest === undefined) {
    throw new Error(`\${${body}} says neither a fallback nor that it is required`);
  }
  return { name, operator, rest };
}

function expressions(text: string): { start: number; end: number; body: string }[] {
  const found = [];
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', start)) {
    let depth = 0;
    let end = start + 1;
    do {
      if (text[end] === '{') depth++;
      if (text[end] === '}') depth--;
      end++;
    } while (depth > 0 && end < text.length);
    found.push({ start, end, body: text.slice(start + 2, end - 1) });
    start = end;
  }
  return found;
}
