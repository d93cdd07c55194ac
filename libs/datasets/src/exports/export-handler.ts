import { Readable } from 'node:stream';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { FrameExport, type VisibleSet } from '@app/frames';
import { Problem } from '@app/problems';
import { joinKey, type ObjectPlace, Places } from '@app/storage';
import { type TaskContext, type TaskHandler, TaskHandlers } from '@app/tasks';
import { DatasetService } from '../dataset.service.js';
import { noData } from '../profile/profile.service.js';
import type { ExportOrder } from './export-order.js';

/** As engines that read many files know it: all parts are there. */
const COMPLETE = '_SUCCESS';
/** About a million rows, or 32 MiB: large enough to read well, small enough to be written before it is sent. */
const FRAMES_OF_PART = 16;

/** Writes what a dataset shows as files of many rows each, for engines that read them side by side. */
@Injectable()
export class ExportHandler implements TaskHandler, OnModuleInit {
  readonly kind = 'export';

  constructor(
    private readonly handlers: TaskHandlers,
    private readonly datasets: DatasetService,
    private readonly exports: FrameExport,
    private readonly places: Places,
  ) {}

  onModuleInit(): void {
    this.handlers.register(this);
  }

  /** Nothing shows the state of the task but the task. */
  ended(): Promise<void> {
    return Promise.resolve();
  }

  async run(context: TaskContext): Promise<void> {
    const { task, signal } = context;
    if (task.datasetId === null) throw new Problem('unprocessable', 'The task names no dataset.');
    const { format, filters, to } = task.payload as ExportOrder;
    const visible = await this.datasets.visibleSet(task.datasetId);
    if (visible === null) throw noData();
    const place = this.places.open(task.customerId, to, 'to.');
    await refuseSecond(place);
    const parts = partsOf(visible);
    const files: { key: string; rowCount: number }[] = [];
    for (const [index, part] of parts.entries()) {
      context.progress({ done: index, total: parts.length, unit: 'parts' });
      const name = `part-${String(index).padStart(5, '0')}.${format}`;
      const { rowCount, content } = await this.exports.write(part, { format, filters, raw: true }, signal);
      await place.put(name, content, signal);
      files.push({ key: joinKey(to.prefix, name), rowCount });
    }
    await place.put(COMPLETE, Readable.from([]), signal);
    const rowCount = files.reduce((sum, file) => sum + file.rowCount, 0);
    await context.publish(() =>
      Promise.resolve({ ...to, format, rowCount, files, visibleSetId: visible.id }),
    );
  }
}

/** Files of two exports would be read as one table. An attempt that was cut off is written again. */
async function refuseSecond(place: ObjectPlace): Promise<void> {
  try {
    for await (const { key } of place.list()) {
      if (key !== COMPLETE) continue;
      throw new Problem('conflict', 'An export is there already. Please name another prefix.');
    }
  } catch (error) {
    // A folder that is not there yet is made.
    if (!(error instanceof Problem) || error.code !== 'unprocessable') throw error;
  }
}

/** The set in parts of whole frames; at least one, so that names and types of columns are always told. */
function partsOf(visible: VisibleSet): VisibleSet[] {
  const parts: VisibleSet[] = [];
  for (const upload of visible.uploads) {
    for (const frame of upload.manifest) {
      const last = parts.at(-1);
      const frames = last?.uploads.reduce((sum, { manifest }) => sum + manifest.length, 0) ?? 0;
      if (last === undefined || frames === FRAMES_OF_PART) {
        parts.push({ ...visible, uploads: [{ ...upload, manifest: [frame] }] });
        continue;
      }
      const part = last.uploads.at(-1);
      if (part?.uploadId === upload.uploadId) part.manifest.push(frame);
      else last.uploads.push({ ...upload, manifest: [frame] });
    }
  }
  return parts.length === 0 ? [visible] : parts;
}
