import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { environmentSchema } from '@app/config';
import { composeText, variables } from './compose-file.js';
import { exampleEntries } from './environment-example.js';

const example = exampleEntries();
const names = (entries: { name: string }[]): string[] => entries.map(({ name }) => name).toSorted();
const compose = new Set(variables(composeText()).map(({ name }) => name));

describe('.env.example', () => {
  it('lists exactly the variables that the apps read', () => {
    expect(names(example.Apps)).toEqual(Object.keys(environmentSchema.shape).toSorted());
  });

  it('lists every variable of docker-compose.yml', () => {
    const listed = new Set([...names(example.Apps), ...names(example['Docker Compose only'])]);
    expect([...compose].filter((name) => !listed.has(name))).toEqual([]);
  });

  it('lists nothing for Docker Compose or the scripts that they do not read', () => {
    expect(names(example['Docker Compose only']).filter((name) => !compose.has(name))).toEqual([]);
    const scripts = ['scripts', 'test']
      .flatMap((directory) => filesBelow(new URL(`../../${directory}/`, import.meta.url)))
      .map((file) => readFileSync(file, 'utf8'));
    const unread = names(example['Scripts and tests only']).filter(
      (name) => !scripts.some((text) => new RegExp(`\\b${name}\\b`).test(text)),
    );
    expect(unread).toEqual([]);
  });

  it('explains each variable in the line above it, once', () => {
    const all = Object.values(example).flat();
    expect(names(all.filter(({ explained }) => !explained))).toEqual([]);
    expect(new Set(names(all)).size).toBe(all.length);
  });

  it('shows the values that hold where a variable is not set', () => {
    const defaults = environmentSchema.parse({}) as Record<string, unknown>;
    const wrong = example.Apps.filter(({ active, value }) => !active && value !== '').filter(
      ({ name, value }) => {
        const shown = environmentSchema.parse({ [name]: value }) as Record<string, unknown>;
        return defaults[name] !== undefined && shown[name] !== defaults[name];
      },
    );
    expect(names(wrong)).toEqual([]);
  });

  it('holds no secret', () => {
    const secret = /PASSWORD|PASS$|SECRET|(^|_)KEY$/;
    const filled = Object.values(example)
      .flat()
      .filter(({ name, value }) => secret.test(name) && value !== '');
    expect(names(filled)).toEqual([]);
  });

  it('calls nothing without effect that has one', () => {
    const read = new Set([...Object.keys(environmentSchema.shape), ...compose]);
    expect(names(example['Without effect']).filter((name) => read.has(name))).toEqual([]);
  });
});

function filesBelow(directory: URL): URL[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(mjs|ts)$/.test(entry.name))
    .map((entry) => new URL(`file://${entry.parentPath}/${entry.name}`));
}
