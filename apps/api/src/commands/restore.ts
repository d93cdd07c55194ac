import { BackupModule, Restore } from '@app/backup';
import { runCommand } from './command-context.js';
import { onlyDirectory } from './only-directory.js';
import { say } from './say.js';

/** `restore <directory>`: into an empty system; exit code 0 where all of the backup is there again, 2 where it is not. */
const directory = onlyDirectory('restore');
await runCommand([BackupModule], async (context) => {
  const { takenAt, tables, frames, blobs } = await context.get(Restore).restore(directory);
  const rows = Object.values(tables).reduce((sum, table) => sum + table.rows, 0);
  await say(
    `Everything is as it was at ${takenAt}: ${rows} rows, ${frames.count} frames, ${blobs.length} files.`,
  );
  await say('Start the apps; "npm run check" compares all of it.');
  return 0;
});
