import { Injectable, type OnModuleInit } from '@nestjs/common';
import { ReportEntity } from '@app/reports';
import { type TaskEnding, TaskEndings, type TaskEntity } from '@app/tasks';
import type { EntityManager } from 'typeorm';
import { type NewNotice, NoticeBoard } from '../notices/notice-board.js';
import { segmentMoves, segmentNews } from './report-news.js';

type Told = Pick<NewNotice, 'type' | 'title' | 'text' | 'data'> & Partial<NewNotice>;
type Teller = (manager: EntityManager, task: TaskEntity, ending: TaskEnding) => Promise<Told[]>;

interface ReadFile {
  uploadId: string;
  datasetId: string;
  fileName: string;
  datasetName: string;
}

const whole = new Intl.NumberFormat('en-US');

/** Says in words what became of uploads, reports, sources and exports, in the transaction in which it did. */
@Injectable()
export class TaskNews implements OnModuleInit {
  private readonly tellers: Partial<Record<string, Teller>> = {
    ingest: ofIngest,
    segmentation: ofReport,
    sync: ofSync,
    export: ofExport,
  };

  constructor(
    private readonly endings: TaskEndings,
    private readonly board: NoticeBoard,
  ) {}

  onModuleInit(): void {
    this.endings.listen((manager, task, ending) => this.tell(manager, task, ending));
  }

  private async tell(manager: EntityManager, task: TaskEntity, ending: TaskEnding): Promise<void> {
    const told = (await this.tellers[task.kind]?.(manager, task, ending)) ?? [];
    for (const notice of told) {
      const fields: NewNotice = {
        customerId: task.customerId,
        // A task that is started again by somebody may end again, under another fence.
        key: `${notice.type}:${task.id}:${task.fence}`,
        datasetId: task.datasetId,
        uploadId: task.uploadId,
        reportId: task.reportId,
        taskId: task.id,
        ...notice,
      };
      await this.board.publish(manager, fields, task.createdBy);
    }
  }
}

async function ofIngest(manager: EntityManager, task: TaskEntity, ending: TaskEnding): Promise<Told[]> {
  const files = await filesOf(manager, task);
  const [first] = files;
  if (first === undefined) return [];
  const what = files.length === 1 ? first.fileName : `${first.fileName} and ${files.length - 1} more`;
  const subject = { datasetId: first.datasetId, uploadId: first.uploadId };
  if (ending.status === 'failed') {
    const { code, message } = ending.error;
    return [
      {
        ...subject,
        type: 'upload.failed',
        title: `${what} could not be read`,
        text: message,
        data: { files, error: { code, message } },
      },
    ];
  }
  const results = resultsOf(ending.result);
  const total = (name: 'rowCount' | 'rejectedCount' | 'anomalyCount'): number =>
    results.reduce((sum, result) => sum + (result[name] ?? 0), 0);
  const rejected = total('rejectedCount');
  const text = [
    `${whole.format(total('rowCount'))} rows are in ${first.datasetName}.`,
    ...(rejected > 0
      ? [`${whole.format(rejected)} records were rejected; they can be downloaded, mended and sent again.`]
      : []),
  ].join(' ');
  return [{ ...subject, type: 'upload.ready', title: `${what} is ready`, text, data: { files, results } }];
}

interface IngestCounts {
  uploadId?: string;
  rowCount?: number;
  rejectedCount?: number;
  anomalyCount?: number;
}

/** A task reads one file, or those of a bundle. */
const resultsOf = (result: object): IngestCounts[] =>
  'uploads' in result ? (result.uploads as IngestCounts[]) : [result];

function filesOf(manager: EntityManager, { id, uploadId }: TaskEntity): Promise<ReadFile[]> {
  return manager.query<ReadFile[]>(
    `SELECT u.id AS "uploadId", d.id AS "datasetId", u.file_name AS "fileName", d.name AS "datasetName"
       FROM uploads u JOIN datasets d ON d.id = u.dataset_id
      WHERE u.task_id = $1 OR u.id = $2 ORDER BY u.id`,
    [id, uploadId],
  );
}

async function ofReport(manager: EntityManager, task: TaskEntity, ending: TaskEnding): Promise<Told[]> {
  const report = await manager.findOneBy(ReportEntity, { id: task.reportId ?? '' });
  if (report === null) return [];
  if (ending.status === 'failed') {
    const { code, message } = ending.error;
    return [
      {
        type: 'report.failed',
        title: 'A report could not be made',
        text: message,
        data: { error: { code, message } },
      },
    ];
  }
  // A report that nobody ordered is made by a schedule, which tells of it where it is news.
  if (task.createdBy === null) return [];
  const segments = segmentNews(report);
  const shoppers = whole.format(report.outcome?.data.shoppers ?? 0);
  const ready: Told = {
    type: 'report.ready',
    title: `A report is ready: ${segments.length} segments of ${shoppers} shoppers`,
    text: segments.map(({ name, size }) => `${name} ${whole.format(size)}`).join(' · '),
    data: { storeId: report.storeId, segments },
  };
  const moves = segmentMoves(report);
  if (moves.length === 0) return [ready];
  const moved: Told = {
    type: 'segments.moved',
    title: `Segments have changed: ${moves.map(({ name }) => name).join(', ')}`,
    text: `${moves.length} of ${segments.length} segments are not made of the same shoppers as in the report before.`,
    data: {
      storeId: report.storeId,
      since: report.continues?.find((earlier) => earlier !== null)?.reportId,
      moves,
    },
  };
  return [ready, moved];
}

async function ofSync(manager: EntityManager, { payload }: TaskEntity, ending: TaskEnding): Promise<Told[]> {
  if (ending.status === 'succeeded') return [];
  const { sourceId } = payload as { sourceId?: string };
  const name = await nameOf(manager, 'sources', sourceId ?? null);
  const { code, message } = ending.error;
  return [
    {
      type: 'source.failed',
      title: `The source ${name} could not be pulled`,
      text: message,
      data: { ...payload, sourceName: name, error: { code, message } },
    },
  ];
}

interface WrittenExport {
  bucket?: string | null;
  prefix?: string;
  rowCount?: number;
  files?: object[];
}

async function ofExport(
  manager: EntityManager,
  { datasetId }: TaskEntity,
  ending: TaskEnding,
): Promise<Told[]> {
  const name = await nameOf(manager, 'datasets', datasetId);
  if (ending.status === 'failed') {
    const { code, message } = ending.error;
    return [
      {
        type: 'export.failed',
        title: `${name} could not be exported`,
        text: message,
        data: { datasetName: name, error: { code, message } },
      },
    ];
  }
  const { bucket, prefix, rowCount = 0, files = [] }: WrittenExport = ending.result;
  const place = [bucket, prefix].filter(Boolean).join('/');
  const parts = files.length === 1 ? '1 file' : `${whole.format(files.length)} files`;
  const text = `${whole.format(rowCount)} rows in ${parts} are in ${place}.`;
  return [
    {
      type: 'export.ready',
      title: `${name} is exported`,
      text,
      data: { datasetName: name, ...ending.result },
    },
  ];
}

async function nameOf(
  manager: EntityManager,
  table: 'sources' | 'datasets',
  id: string | null,
): Promise<string> {
  const [row] = await manager.query<{ name: string }[]>(`SELECT name FROM ${table} WHERE id = $1`, [id]);
  return row?.name ?? '';
}
