import type { TaskEntity } from '@app/tasks';
import type { UploadEntity, UploadOptions } from '../upload.entity.js';

/** What the task of a repeated reading is told. */
export interface ReadingOrder {
  /** Takes the place of the upload's options once it is read so. */
  options?: UploadOptions;
  /** Revisions up to this number may have been written by earlier tasks. */
  after?: number;
}

const orderOf = ({ payload }: Pick<TaskEntity, 'payload'>): ReadingOrder => payload;

/** The revision that an attempt writes. A new task counts its attempts from 1 again, its revisions go on. */
export const revisionOf = (task: Pick<TaskEntity, 'payload' | 'fence'>): number =>
  (orderOf(task).after ?? 0) + task.fence;

export const firstRevisionOf = (task: Pick<TaskEntity, 'payload'>): number => (orderOf(task).after ?? 0) + 1;

/** How the file is to be read by this task. */
export const optionsOf = (task: Pick<TaskEntity, 'payload'>, upload: UploadEntity): UploadOptions =>
  orderOf(task).options ?? upload.options;
