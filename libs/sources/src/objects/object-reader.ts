import { Inject, Injectable } from '@nestjs/common';
import { entryKind, readArchive } from '@app/archives';
import { SETTINGS, type Settings } from '@app/config';
import { preflight, type Preflight, readHead } from '@app/frames';
import { Problem } from '@app/problems';
import { BlobStore, type ObjectPlace, type PlacedObject, type StagedBlob } from '@app/storage';

/** A CSV of an object: the object itself, or a file in it. */
export interface ReadTable {
  /** The object's key, and for a file in an archive its name there. */
  name: string;
  staged: StagedBlob;
  preflight: Preflight;
}

/** The tables and images of an object. */
export interface ReadObject {
  object: PlacedObject;
  tables: ReadTable[];
  images: string[];
}

export const isArchive = (key: string): boolean => /\.zip$/i.test(key);
const isTable = (key: string): boolean => /\.csv(?:\.gz)?$/i.test(key);
export const isImage = (key: string): boolean => entryKind(key) === 'image';
/** What operating systems put beside files of people is not even mentioned. */
export const isJunk = (key: string): boolean =>
  key.split('/').some((name) => name.startsWith('.') || name === '__MACOSX');

/** Fetches objects and finds the tables in them. */
@Injectable()
export class ObjectReader {
  constructor(
    private readonly blobs: BlobStore,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /**
   * All of an object or nothing. The caller discards what it does not take in: {@link discard}.
   * @throws Problem archive_rejected, unsupported_media_type and unprocessable for what cannot be read, payload_too_large;
   *   conflict where the object changed since it was listed
   */
  async read(place: ObjectPlace, object: PlacedObject): Promise<ReadObject> {
    const read: ReadObject = { object, tables: [], images: [] };
    try {
      if (isArchive(object.key)) await this.unpack(place, read);
      else if (isImage(object.key)) read.images.push(object.key);
      else if (isTable(object.key)) await this.add(read, object.key, await this.fetch(place, object));
      else {
        throw new Problem('unsupported_media_type', 'Only .csv, .csv.gz and .zip are read.');
      }
      return read;
    } catch (error) {
      await this.discard([read]);
      throw error;
    }
  }

  /** Removes what was fetched; what was taken in meanwhile stays. */
  async discard(objects: readonly ReadObject[]): Promise<void> {
    for (const { staged } of objects.flatMap(({ tables }) => tables)) await this.blobs.discard(staged);
  }

  private async unpack(place: ObjectPlace, read: ReadObject): Promise<void> {
    const { key } = read.object;
    const { maxUploadBytes, maxInflateRatio, maxArchiveEntries } = this.settings.files;
    const limits = { maxBytes: maxUploadBytes, maxRatio: maxInflateRatio, maxEntries: maxArchiveEntries };
    const archive = await this.fetch(place, read.object);
    const staged: { name: string; file: StagedBlob }[] = [];
    try {
      const entries = await readArchive(archive.path, limits, async ({ name }, content) => {
        staged.push({ name, file: await this.blobs.stage(content, { maxBytes: maxUploadBytes }) });
      });
      for (const { name, file } of staged) {
        await this.add(read, `${key}/${name}`, file).catch((error: unknown) => {
          if (!(error instanceof Problem)) throw error;
          throw new Problem(error.code, `${name}: ${error.detail}`, { cause: error });
        });
      }
      read.images.push(...entries.flatMap(({ kind, name }) => (kind === 'image' ? [`${key}/${name}`] : [])));
      if (read.tables.length === 0) throw new Problem('unprocessable', 'The archive holds no CSV file.');
    } catch (error) {
      for (const { file } of staged) await this.blobs.discard(file);
      throw error;
    } finally {
      await this.blobs.discard(archive);
    }
  }

  private async fetch(place: ObjectPlace, object: PlacedObject): Promise<StagedBlob> {
    return this.blobs.stage(await place.open(object), { maxBytes: this.settings.files.maxUploadBytes });
  }

  private async add(read: ReadObject, name: string, staged: StagedBlob): Promise<void> {
    try {
      read.tables.push({ name, staged, preflight: await this.examine(staged) });
    } catch (error) {
      await this.blobs.discard(staged);
      throw error;
    }
  }

  /** @throws Problem unsupported_media_type, unprocessable */
  async examine({ path }: StagedBlob): Promise<Preflight> {
    const { fallbackEncoding, ...limits } = this.settings.files;
    const { head, complete, compression } = await readHead(path);
    return preflight(head, { complete, compression, limits, fallbackEncoding });
  }
}
