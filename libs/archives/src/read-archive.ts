import { stat } from 'node:fs/promises';
import { PassThrough, type Readable, Transform, type TransformCallback } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import { Problem } from '@app/problems';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { type ArchiveLimits, checkUnpacked, rejected } from './archive-limits.js';
import { checkedEntries, shown } from './central-directory.js';
import { entryKind } from './entry-kind.js';

/** A CSV or an image in an archive. */
export interface ArchiveEntry {
  kind: 'table' | 'image';
  /** With the folders it stands in; never to be taken for a path. */
  name: string;
}

/**
 * Unpacks a zip file: hands every CSV to `take`, in the order of the archive, and goes through every image; anything else
 * is passed over. What `take` was given holds only once all of it has been read: an archive that turns out to be
 * damaged or hostile fails as a whole.
 * @param take must read or destroy the stream before it resolves
 * @returns the tables and images, in the archive's order
 * @throws Problem archive_rejected, with the reason: too many entries, names that lead out of a folder, links, archives
 *   in archives, encryption, entries that share bytes or occur twice, sizes or checksums that are not as said, too many
 *   bytes; and what `take` throws
 */
export async function readArchive(
  path: string,
  limits: ArchiveLimits,
  take: (entry: ArchiveEntry, content: Readable) => Promise<void>,
): Promise<ArchiveEntry[]> {
  const { size: archiveBytes } = await stat(path);
  const zip = await openPromise(path, { autoClose: false }).catch(rejectDamaged);
  try {
    const entries = await checkedEntries(zip, archiveBytes, limits).catch(rejectDamaged);
    const found: ArchiveEntry[] = [];
    let unpacked = 0;
    for (const entry of entries) {
      const kind = entryKind(entry.fileName);
      if (kind !== 'table' && kind !== 'image') continue;
      const meter = new EntryMeter(entry, (bytes) => {
        unpacked += bytes;
        checkUnpacked(unpacked, archiveBytes, limits);
      });
      const named: ArchiveEntry = { kind, name: entry.fileName };
      await unpack(zip, entry, meter, kind === 'table' ? (content) => take(named, content) : skip);
      found.push(named);
    }
    return found;
  } finally {
    zip.close();
  }
}

async function skip(content: Readable): Promise<void> {
  content.resume();
  await finished(content);
}

async function unpack(
  zip: ZipFile,
  entry: Entry,
  meter: EntryMeter,
  take: (content: Readable) => Promise<void>,
): Promise<void> {
  const packed = await zip.openReadStreamPromise(entry).catch(rejectDamaged);
  const content = new PassThrough();
  const [read, taken] = await Promise.allSettled([pipeline(packed, meter, content), take(content)]);
  // Whichever side fails first ends the other: one that stops reading is no fault of the archive.
  const isLeft = read.status === 'rejected' && codeOf(read.reason) === 'ERR_STREAM_PREMATURE_CLOSE';
  if (read.status === 'rejected' && !isLeft) rejectDamaged(read.reason);
  if (taken.status === 'rejected') throw taken.reason;
}

/** Counts and checks the bytes that really come, whatever the archive says of them. */
class EntryMeter extends Transform {
  private checksum = 0;

  constructor(
    private readonly entry: Entry,
    private readonly count: (bytes: number) => void,
  ) {
    super();
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.count(piece.length);
    } catch (error) {
      done(error as Error);
      return;
    }
    this.checksum = crc32(piece, this.checksum);
    done(null, piece);
  }

  override _flush(done: TransformCallback): void {
    const holds = this.checksum === this.entry.crc32;
    done(holds ? null : rejected(`the checksum of ${shown(this.entry.fileName)} is wrong`));
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/** What the reader of archives does not understand, it says in errors of its own. */
function rejectDamaged(error: unknown): never {
  if (error instanceof Problem) throw error;
  const message = error instanceof Error ? error.message : String(error);
  // The file system's own trouble is none of the archive's.
  if (/^E[A-Z]+$/.test(codeOf(error))) throw error;
  throw rejected(`it is damaged or no zip file (${message.slice(0, 150)})`, error);
}
