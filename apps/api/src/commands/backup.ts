import { Backup, BackupModule } from '@app/backup';
import { onlyDirectory } from './only-directory.js';
import { runCommand } from './command-context.js';
import { say } from './say.js';

/** `backup <directory>`: exit code 0 where a whole backup stands there, 2 where none could be taken. */
const directory = onlyDirectory('backup');
await runCommand([BackupModule], async (context) => {
  const { tables, frames, blobs, seconds } = await context.get(Backup).take(directory);
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  await say(
    `${rows} rows, ${frames.count} frames and ${blobs.length} files are in ${directory}, in ${seconds.toFixed(1)} s.`,
  );
  return 0;
});
