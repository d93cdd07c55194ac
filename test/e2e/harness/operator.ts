import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mongoose, { type mongo } from 'mongoose';
import type { JsonBody } from './api-client.js';
import type { System } from './index.js';

const COMMANDS = fileURLToPath(new URL('../../../dist/apps/api/src/commands/', import.meta.url));

export interface CommandOutcome {
  code: number;
  output: string;
  errors: string;
}

/** Runs one of the built commands as an operator of the system would. */
export function runCommand(
  environment: Record<string, string>,
  name: string,
  ...parameters: string[]
): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--enable-source-maps', join(COMMANDS, `${name}.js`), ...parameters],
      { env: environment, maxBuffer: 64 * 1024 ** 2 },
      (error, output, errors) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output, errors }),
    );
  });
}

/** The report of `check` or `scrub`, with the command's exit code. */
export async function inspect(
  { environment }: Pick<System, 'environment'>,
  name: 'check' | 'scrub',
): Promise<JsonBody> {
  const { code, output, errors } = await runCommand(environment, name, '--json');
  if (code > 1) throw new Error(`${name} ended with ${code}: ${errors}`);
  return { code, ...(JSON.parse(output) as object) };
}

/** `kind id` of each difference, in order. */
export const namesOf = ({ differences }: { differences: { kind: string; id: string }[] }): string[] =>
  differences.map(({ kind, id }) => `${kind} ${id}`).toSorted();

/** Runs `work` with the frames of a system. */
export async function withFrames<Result>(
  { environment }: Pick<System, 'environment'>,
  work: (frames: mongo.Collection) => Promise<Result>,
): Promise<Result> {
  const connection = await mongoose.createConnection(environment['MONGO_URL'] ?? '').asPromise();
  try {
    return await work(connection.collection('frames'));
  } finally {
    await connection.close();
  }
}

/** Where the file system keeps a blob. */
export const blobPath = ({ dataDirectory }: Pick<System, 'dataDirectory'>, sha256: string): string =>
  join(dataDirectory, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
