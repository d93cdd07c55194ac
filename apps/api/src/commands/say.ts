import type { Difference } from '@app/inspection';

/** Resolves once the line is written: a process that ends would cut off what a pipe has not taken yet. */
export function say(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

export async function sayDifferences(differences: readonly Difference[]): Promise<void> {
  for (const { kind, id, detail, remedy } of differences) await say(`${kind} ${id}: ${detail}. ${remedy}`);
}
