import { pipeline } from 'node:stream/promises';
import type { ExportedTable } from '@app/frames';
import type { Response } from 'express';

/** Longest pause of a client that reads. */
const PATIENCE_MILLISECONDS = 120_000;

/** Answers with a file that is written now; when whoever asked leaves, the writing ends as well. */
export async function sendTable(
  response: Response,
  { name, mediaType }: { name: string; mediaType: string },
  write: (signal: AbortSignal) => Promise<ExportedTable>,
): Promise<void> {
  const leaving = new AbortController();
  response.once('close', () => leaving.abort());
  if (response.destroyed) leaving.abort();
  try {
    const { rowCount, sizeBytes, content } = await write(leaving.signal);
    response.attachment(name).type(mediaType).setHeader('X-Row-Count', rowCount);
    if (sizeBytes !== undefined) response.setHeader('Content-Length', sizeBytes);
    // Whoever takes nothing for so long holds a place for others.
    response.setTimeout(PATIENCE_MILLISECONDS, () => response.destroy());
    await pipeline(content, response);
  } catch (error) {
    // Whoever asked is gone; there is nobody to answer.
    if (!leaving.signal.aborted || !isLeaving(error, leaving.signal)) throw error;
  }
}

const isLeaving = (error: unknown, { reason }: AbortSignal): boolean =>
  error === reason || (error as NodeJS.ErrnoException).code === 'ERR_STREAM_PREMATURE_CLOSE';
