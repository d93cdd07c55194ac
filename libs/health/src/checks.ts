import { access, constants } from 'node:fs/promises';
import type { DataSource } from 'typeorm';
import type { Dependency } from './readiness.js';

export const postgresDependency = (dataSource: DataSource): Dependency => ({
  name: 'postgres',
  needed: true,
  check: async () => {
    await dataSource.query('SELECT 1');
  },
});

/** The directory that holds blobs can be written. */
export const storageDependency = (directory: string): Dependency => ({
  name: 'storage',
  needed: true,
  check: () => access(directory, constants.W_OK),
});
