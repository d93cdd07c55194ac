import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { type Actor, AuditLog } from '@app/audit';
import { invalidParameter, notFound, Problem } from '@app/problems';
import { TaskEntity, TaskService } from '@app/tasks';
import { type EntityManager, In } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { DatasetEntity } from '../dataset.entity.js';
import { DatasetService, type DatasetView } from '../dataset.service.js';
import { LinkService } from '../links/link.service.js';
import type { LinkView } from '../links/link-checks.js';
import { type ReceivedFile, UploadIntake } from '../upload-intake.js';
import { type UploadView, UploadService } from '../upload.service.js';
import { BundleEntity } from './bundle.entity.js';
import { baseName, linkEnd } from './link-ends.js';

export interface NewBundle {
  customerId: string;
  name: string;
  storeId?: string | undefined;
  /** Columns as `file.column`. */
  links: { name?: string | undefined; from: string; to: string }[];
}

export interface BundleFile {
  file: Omit<ReceivedFile, 'mode' | 'keyColumns'>;
  /** Names of the file's columns. */
  names: string[];
}

export interface BundleView {
  bundle: BundleEntity;
  /** In the order of the files. */
  datasets: DatasetView[];
  uploads: UploadView[];
  links: LinkView[];
  task: TaskEntity;
}

const MAX_NAME_LENGTH = 200;

/** Related files that are sent together, each of which begins a dataset. */
@Injectable()
export class BundleService {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly intake: UploadIntake,
    private readonly datasets: DatasetService,
    private readonly uploads: UploadService,
    private readonly links: LinkService,
    private readonly tasks: TaskService,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Takes in all files with one task, or nothing of them. The caller has checked the customer and
   * {@link DatasetService.checkStore}.
   * @throws Problem invalid_parameter for links that name no column; duplicate with `uploadId` of the live upload that has
   * the bytes of one of the files, and where two files have the same
   */
  async accept(given: NewBundle, files: readonly BundleFile[], actor: Actor): Promise<BundleView> {
    const links = linksOf(given, files);
    refuseTwins(files);
    const received = files.map(({ file }): ReceivedFile => ({ ...file, mode: 'append', keyColumns: [] }));
    const { id } = await this.intake.takeIn(given.customerId, received, async (manager) => {
      const bundle = await this.insert(manager, given, actor);
      const datasets: DatasetEntity[] = [];
      for (const file of received) {
        const dataset = await this.datasets.insert(
          manager,
          datasetOf(given, file),
          actor,
          file.options.mapping,
        );
        await this.intake.insert(manager, dataset, file, actor, bundle);
        datasets.push(dataset);
      }
      for (const { name, from, to } of links) {
        const ends = {
          fromDatasetId: datasets[from.table]?.id ?? '',
          fromColumn: from.column,
          toDatasetId: datasets[to.table]?.id ?? '',
          toColumn: to.column,
        };
        await this.links.insert(manager, given, { name, ...ends }, actor, bundle.id);
      }
      return bundle;
    });
    return this.view(await this.get(id));
  }

  /** @throws Problem not_found */
  async get(id: string): Promise<BundleEntity> {
    const bundle = await this.manager.findOneBy(BundleEntity, { id });
    if (bundle === null) throw notFound('bundle');
    return bundle;
  }

  /** What was made of it; datasets, uploads and links that were removed since are left out. */
  async view(bundle: BundleEntity): Promise<BundleView> {
    // First, so that of a task which has succeeded everything is seen.
    const task = await this.manager.findOneOrFail(TaskEntity, {
      where: { id: bundle.taskId },
      withDeleted: true,
    });
    const uploads = await this.uploads.ofBundle(bundle.id);
    const found = await this.manager.findBy(DatasetEntity, {
      id: In(uploads.map(({ upload }) => upload.datasetId)),
    });
    const datasets = uploads.flatMap(({ upload }) => found.filter(({ id }) => id === upload.datasetId));
    return {
      bundle,
      datasets: await this.datasets.views(datasets),
      uploads,
      links: await this.links.ofBundle(bundle.id),
      task,
    };
  }

  private async insert(manager: EntityManager, given: NewBundle, actor: Actor): Promise<BundleEntity> {
    const { customerId, name } = given;
    const id = uuidv7();
    const createdBy = actor.actorId;
    const task = await this.tasks.enqueue(manager, {
      kind: 'ingest',
      customerId,
      payload: { bundleId: id },
      ...(createdBy !== undefined && { createdBy }),
    });
    await manager.insert(BundleEntity, {
      id,
      customerId,
      name,
      taskId: task.id,
      createdBy: createdBy ?? null,
    });
    await this.audit.recordDeed(manager, 'bundle.create', { id, customerId }, actor, { name });
    return manager.findOneByOrFail(BundleEntity, { id });
  }
}

function linksOf({ links }: NewBundle, files: readonly BundleFile[]) {
  const tables = files.map(({ file, names }) => ({ fileName: file.fileName, names }));
  const seen = new Set<string>();
  return links.map(({ name, from, to }, index) => {
    const field = `links.${index}`;
    const ends = { from: linkEnd(from, tables, `${field}.from`), to: linkEnd(to, tables, `${field}.to`) };
    if (JSON.stringify(ends.from) === JSON.stringify(ends.to)) {
      throw invalidParameter(`${field}.to`, 'a column is not linked to itself');
    }
    const key = JSON.stringify(ends);
    if (seen.has(key)) throw invalidParameter(field, 'given twice');
    seen.add(key);
    return { name, ...ends };
  });
}

function refuseTwins(files: readonly BundleFile[]): void {
  const seen = new Map<string, string>();
  for (const { file } of files) {
    const twin = seen.get(file.staged.sha256);
    if (twin !== undefined) {
      const message = `${file.fileName} has the same bytes as ${twin}`;
      throw new Problem('duplicate', `files: ${message}`, { fields: { files: [message] } });
    }
    seen.set(file.staged.sha256, file.fileName);
  }
}

const datasetOf = ({ customerId, storeId, name }: NewBundle, { fileName }: ReceivedFile) => ({
  customerId,
  storeId,
  name: `${name}: ${baseName(fileName)}`.slice(0, MAX_NAME_LENGTH),
});
