import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import type { FindingList } from '@app/frames';
import { notFound, Problem } from '@app/problems';
import { BlobStore } from '@app/storage';
import { type EntityManager, ILike, In, IsNull } from 'typeorm';
import { UploadEntity, type UploadStatus } from './upload.entity.js';
import { type RevisionFindings, UploadRevisionEntity } from './upload-revision.entity.js';

/** What an upload's published reading gave, without the lists that may be long. */
export type RevisionSummary = Pick<
  UploadRevisionEntity,
  | 'uploadId'
  | 'revision'
  | 'rowCount'
  | 'rejectedCount'
  | 'duplicateCount'
  | 'anomalyCount'
  | 'dialect'
  | 'columns'
  | 'changes'
  | 'findings'
>;

export interface UploadView {
  upload: UploadEntity;
  /** Null until the upload is ready. */
  revision: RevisionSummary | null;
}

export interface UploadQuery {
  datasetId: string;
  status: UploadStatus | undefined;
  /** An escaped LIKE pattern, looked for in the file name. */
  pattern: string | undefined;
  ordering: { by: 'ordinal' | 'createdAt' | 'fileName' | 'status'; direction: 'ASC' | 'DESC' };
  offset: number;
  limit: number;
}

const SUMMARY = [
  'uploadId',
  'revision',
  'rowCount',
  'rejectedCount',
  'duplicateCount',
  'anomalyCount',
  'dialect',
  'columns',
  'changes',
  'findings',
] as const satisfies (keyof RevisionSummary)[];

@Injectable()
export class UploadService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly blobs: BlobStore,
  ) {}

  /** @throws Problem not_found, also for an upload that was undone */
  async get(id: string): Promise<UploadEntity> {
    const upload = await this.manager.findOneBy(UploadEntity, { id, deletedAt: IsNull() });
    if (upload === null) throw notFound('upload');
    return upload;
  }

  async list(query: UploadQuery): Promise<{ uploads: UploadView[]; count: number }> {
    const { datasetId, status, pattern, ordering } = query;
    const [uploads, count] = await this.manager.findAndCount(UploadEntity, {
      where: {
        datasetId,
        deletedAt: IsNull(),
        ...(status !== undefined && { status }),
        ...(pattern !== undefined && { fileName: ILike(pattern) }),
      },
      order: { [ordering.by]: ordering.direction, id: 'ASC' },
      skip: query.offset,
      take: query.limit,
    });
    return { uploads: await this.views(uploads), count };
  }

  async view(upload: UploadEntity): Promise<UploadView> {
    const [view] = await this.views([upload]);
    return view ?? { upload, revision: null };
  }

  /** Those of a bundle that are not undone, in the order of its files. */
  async ofBundle(bundleId: string): Promise<UploadView[]> {
    const uploads = await this.manager.find(UploadEntity, {
      where: { bundleId, deletedAt: IsNull() },
      order: { id: 'ASC' },
    });
    return this.views(uploads);
  }

  private async views(uploads: readonly UploadEntity[]): Promise<UploadView[]> {
    const found = await this.manager.find(UploadRevisionEntity, {
      select: Object.fromEntries(SUMMARY.map((name) => [name, true])),
      where: { uploadId: In(uploads.map(({ id }) => id)) },
    });
    return uploads.map((upload) => {
      const isPublished = ({ uploadId, revision }: RevisionSummary): boolean =>
        uploadId === upload.id && revision === upload.revision;
      return { upload, revision: found.find(isPublished) ?? null };
    });
  }

  /** The bytes as they were received. */
  open(upload: UploadEntity): Promise<Readable> {
    return this.blobs.open(upload.sha256);
  }

  /**
   * The single findings of the published reading; null where there are none.
   * @throws Problem conflict while the upload is not ready
   */
  async findingList(upload: UploadEntity): Promise<FindingList | null> {
    const { anomalies, summary } = await this.findings(upload);
    return anomalies === null
      ? null
      : { path: await this.blobs.localPath(anomalies.sha256), findings: summary };
  }

  /**
   * The rejected records of the published reading, as CSV; null where there are none.
   * @throws Problem conflict while the upload is not ready
   */
  async openRejects(upload: UploadEntity): Promise<Readable | null> {
    const { rejects } = await this.findings(upload);
    return rejects === null ? null : this.blobs.open(rejects.sha256);
  }

  private async findings(upload: UploadEntity): Promise<RevisionFindings> {
    if (upload.revision === null) {
      throw new Problem('conflict', `The upload is ${upload.status}, so its file has not been read.`);
    }
    const { findings } = await this.manager.findOneOrFail(UploadRevisionEntity, {
      select: { uploadId: true, revision: true, findings: true },
      where: { uploadId: upload.id, revision: upload.revision },
    });
    return findings;
  }
}
