import { ADVISORY_LOCK } from '@app/database';
import type { DataSource } from 'typeorm';

/**
 * Runs `sweep` unless another process sweeps or {@link withoutSweeps} holds it off.
 * @returns undefined where it did not run
 */
export async function asOnlySweeper<Result>(
  dataSource: DataSource,
  sweep: () => Promise<Result>,
): Promise<Result | undefined> {
  const session = dataSource.createQueryRunner();
  try {
    const [lock] = (await session.query('SELECT pg_try_advisory_lock($1) AS ours', [
      ADVISORY_LOCK.sweep,
    ])) as {
      ours: boolean;
    }[];
    if (lock?.ours !== true) return undefined;
    try {
      return await sweep();
    } finally {
      await session.query('SELECT pg_advisory_unlock($1)', [ADVISORY_LOCK.sweep]);
    }
  } finally {
    await session.release();
  }
}

/** Runs `work` while nobody sweeps: what is named when it begins is there until it ends. */
export async function withoutSweeps<Result>(
  dataSource: DataSource,
  work: () => Promise<Result>,
): Promise<Result> {
  const session = dataSource.createQueryRunner();
  try {
    // A sweep that runs is waited for.
    await session.query('SET statement_timeout = 0');
    await session.query('SELECT pg_advisory_lock_shared($1)', [ADVISORY_LOCK.sweep]);
    try {
      return await work();
    } finally {
      await session.query('SELECT pg_advisory_unlock_shared($1)', [ADVISORY_LOCK.sweep]);
      await session.query('RESET statement_timeout');
    }
  } finally {
    await session.release();
  }
}
