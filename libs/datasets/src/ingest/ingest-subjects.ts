import { notFound, Problem } from '@app/problems';
import type { TaskEntity } from '@app/tasks';
import { type EntityManager, type FindOptionsWhere } from 'typeorm';
import { UploadEntity } from '../upload.entity.js';

/** The bundle whose files a task reads; undefined where it reads one file. */
export const bundleOf = ({ payload }: Pick<TaskEntity, 'payload'>): string | undefined =>
  (payload as { bundleId?: string }).bundleId;

/** The uploads that a task reads: one, or all of a bundle. */
export function subjectOf(task: TaskEntity): FindOptionsWhere<UploadEntity> {
  if (task.uploadId !== null) return { id: task.uploadId };
  const bundleId = bundleOf(task);
  if (bundleId === undefined) throw new Problem('unprocessable', 'The task names no upload.');
  return { bundleId, taskId: task.id };
}

/** All of them, in the order in which they were sent. @throws Problem not_found where one is no longer there */
export async function subjects(manager: EntityManager, task: TaskEntity): Promise<UploadEntity[]> {
  const uploads = await manager.find(UploadEntity, { where: subjectOf(task), order: { id: 'ASC' } });
  if (uploads.length === 0 || uploads.some(({ deletedAt }) => deletedAt !== null)) throw notFound('upload');
  return uploads;
}

/**
 * Lets an upload be read again by a task that was put back.
 * @throws Problem conflict where another task reads it; duplicate where its bytes came again
 */
export async function requeue(manager: EntityManager, task: TaskEntity, upload: UploadEntity): Promise<void> {
  if (upload.taskId !== task.id) {
    throw new Problem('conflict', 'A later task reads this file.', {
      extensions: { taskId: upload.taskId },
    });
  }
  if (upload.revision !== null) return;
  const { customerId, sha256, isLive } = upload;
  const other = isLive ? null : await manager.findOneBy(UploadEntity, { customerId, sha256, isLive: true });
  if (other !== null) {
    throw new Problem('duplicate', 'The same file was uploaded again since.', {
      extensions: { uploadId: other.id },
    });
  }
  await manager.update(UploadEntity, { id: upload.id }, { status: 'queued', error: null, isLive: true });
}

/** What is wrong with one file of a bundle is said with its name. */
export async function namingFile<T>(
  task: TaskEntity,
  { fileName }: UploadEntity,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (bundleOf(task) === undefined || !(error instanceof Problem)) throw error;
    const { code, detail, fields, extensions, retryAfterSeconds } = error;
    throw new Problem(code, `${fileName}: ${detail}`, {
      fields,
      extensions,
      cause: error,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
}
