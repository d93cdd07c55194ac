import type { Entry, ZipFile } from 'yauzl';
import { type ArchiveLimits, checkUnpacked, rejected } from './archive-limits.js';
import { entryKind } from './entry-kind.js';

const FILE_TYPE = 0o170_000;
const REGULAR = 0o100_000;
const DIRECTORY = 0o040_000;
const UNIX = 3;
const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;

/**
 * The entries of an archive that are files, once all that its directory tells was found harmless. Nothing is unpacked yet.
 * @throws Problem archive_rejected
 */
export async function checkedEntries(
  zip: ZipFile,
  archiveBytes: number,
  limits: ArchiveLimits,
): Promise<Entry[]> {
  if (zip.entryCount > limits.maxEntries) {
    throw rejected(`it has ${zip.entryCount} entries, more than the ${limits.maxEntries} allowed`);
  }
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) entries.push(entry);
  refuseTwins(entries);
  refuseOverlaps(entries);
  let unpacked = 0;
  for (const entry of entries) {
    checkEntry(entry);
    unpacked += entry.uncompressedSize;
    checkUnpacked(unpacked, archiveBytes, limits);
  }
  return entries.filter(({ fileName }) => !fileName.endsWith('/'));
}

function checkEntry(entry: Entry): void {
  const { fileName, compressionMethod } = entry;
  const unixMode = entry.versionMadeBy >>> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
  const type = unixMode & FILE_TYPE;
  if (entry.isEncrypted()) throw rejected(`${shown(fileName)} is encrypted`);
  if (type !== 0 && type !== REGULAR && type !== DIRECTORY) {
    throw rejected(`${shown(fileName)} is a link or a device`);
  }
  if (fileName.includes('\0')) throw rejected(`${shown(fileName)} is no name of a file`);
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    throw rejected(`${shown(fileName)} is packed by a method that is not read`);
  }
  if (entryKind(fileName) === 'archive') throw rejected(`${shown(fileName)} is an archive itself`);
}

function refuseTwins(entries: readonly Entry[]): void {
  const names = new Set<string>();
  for (const { fileName } of entries) {
    if (names.has(fileName)) throw rejected(`${shown(fileName)} occurs twice`);
    names.add(fileName);
  }
}

/** Entries that share bytes let a small archive unpack to any size (Fifield, "A better zip bomb", WOOT 2019). */
function refuseOverlaps(entries: readonly Entry[]): void {
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [index, entry] of inOrder.entries()) {
    const end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + entry.compressedSize;
    const next = inOrder[index + 1];
    if (next !== undefined && next.relativeOffsetOfLocalHeader < end) {
      throw rejected(`${shown(entry.fileName)} and ${shown(next.fileName)} share bytes`);
    }
  }
}

/** A name as a message may show it. */
export const shown = (name: string): string =>
  // oxlint-disable-next-line no-control-regex -- those are what is taken out
  `"${name.replaceAll(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu, '?').slice(0, 100)}"`;
