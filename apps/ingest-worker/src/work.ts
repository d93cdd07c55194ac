import { DatasetsModule } from '@app/datasets';
import { FramesModule } from '@app/frames';
import { ReportsModule } from '@app/reports';
import type { WorkModule } from './worker.module.js';

/** 40 % of the gigabyte a worker may take: DuckDB uses up to two and a half times its own limit. */
const DUCKDB_MEGABYTES = 400;

/** The libs whose tasks workers do, and what these need. */
export const WORK: readonly WorkModule[] = [
  FramesModule.forRoot({ memoryLimitMegabytes: DUCKDB_MEGABYTES }),
  DatasetsModule,
  ReportsModule,
];
