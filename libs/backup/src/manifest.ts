import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

export const BACKUP_FORMAT = 1;

const fileSchema = z.object({ sha256: z.string(), bytes: z.number() });

/** What a backup holds. Written last: without it a directory is no backup. */
const manifestSchema = z.object({
  format: z.literal(BACKUP_FORMAT),
  takenAt: z.iso.datetime(),
  seconds: z.number(),
  /** Of the schema the rows fit. */
  migrations: z.array(z.string()),
  tables: z.record(z.string(), fileSchema.extend({ rows: z.number() })),
  frames: fileSchema.extend({ count: z.number() }),
  blobs: z.array(z.object({ sha256: z.string(), sizeBytes: z.number() })),
  /** Where the audit stood. */
  auditSeal: z.string().nullable(),
});
export type BackupManifest = z.infer<typeof manifestSchema>;

/** A backup cannot be taken or brought back; the message says why. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export const manifestPath = (directory: string): string => join(directory, 'manifest.json');
export const tablePath = (directory: string, table: string): string =>
  join(directory, 'postgres', `${table}.ndjson.gz`);
export const framesPath = (directory: string): string => join(directory, 'frames.bson');
export const blobPath = (directory: string, sha256: string): string =>
  join(directory, 'blobs', sha256.slice(0, 2), sha256);

/** @throws BackupError where there is no whole backup, or one that this version cannot read */
export async function readManifest(directory: string): Promise<BackupManifest> {
  let given: unknown;
  try {
    given = JSON.parse(await readFile(manifestPath(directory), 'utf8'));
  } catch (cause) {
    throw new BackupError(`${directory} holds no whole backup.`, { cause });
  }
  const parsed = manifestSchema.safeParse(given);
  if (!parsed.success) throw new BackupError('The backup is of another version.', { cause: parsed.error });
  return parsed.data;
}
