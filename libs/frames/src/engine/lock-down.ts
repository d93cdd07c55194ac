import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteLiteral } from './sql.js';

export const limitMemory = (megabytes: number): string => `SET memory_limit = '${megabytes}MB'`;

export interface Bounds {
  memoryLimitMegabytes: number;
  /** Directory of this instance alone. */
  spill: string;
  /** Directories in which it may read and write. */
  allowed: readonly string[];
}

/** The order matters: after `enable_external_access` nothing can be opened up, after the lock nothing set. */
export async function lockDown(
  connection: DuckDBConnection,
  { memoryLimitMegabytes, spill, allowed: directories }: Bounds,
): Promise<void> {
  const allowed = directories.map((directory) => quoteLiteral(`${directory}/`)).join(', ');
  const statements = [
    limitMemory(memoryLimitMegabytes),
    `SET temp_directory = ${quoteLiteral(spill)}`,
    `SET max_temp_directory_size = '20GB'`,
    `SET TimeZone = 'UTC'`,
    `SET autoinstall_known_extensions = false`,
    `SET autoload_known_extensions = false`,
    `SET allow_community_extensions = false`,
    `SET allowed_directories = [${allowed}]`,
    `SET allowed_configs = ['memory_limit']`,
    `SET enable_external_access = false`,
    `SET lock_configuration = true`,
  ];
  for (const statement of statements) await connection.run(statement);
}

/** @throws Error where it reads files of the host: nothing starts on such an engine */
export async function assertLocked(connection: DuckDBConnection): Promise<void> {
  const forbidden = [
    `SELECT * FROM read_text('/etc/passwd')`,
    `SELECT * FROM glob('/etc/*')`,
    `COPY (SELECT 1) TO '/tmp/datacore-lock-test.csv'`,
    `SET enable_external_access = true`,
  ];
  for (const statement of forbidden) {
    const refused = await connection.run(statement).then(
      () => false,
      () => true,
    );
    if (!refused) throw new Error(`The query engine is not locked down: ${statement}`);
  }
}
