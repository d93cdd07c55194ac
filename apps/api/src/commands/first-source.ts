import { FirstSource } from '../sources/first-source/first-source.js';
import { FirstSourceModule } from '../sources/first-source/first-source.module.js';
import { onlyDirectory } from './only-directory.js';
import { runCommand } from './command-context.js';
import { say } from './say.js';

/**
 * `first-source <directory>`: makes the buckets `source` and `processed-data`, uploads what lies in the directory and has
 * it pulled as a bundle from then on. Exit code 0 where all of that is done, 2 where something is in the way.
 */
const directory = onlyDirectory('first-source');
await runCommand([FirstSourceModule], async (context) => {
  const { uploaded, source } = await context.get(FirstSource).prepare(directory);
  await say(uploaded.length === 0 ? 'There is no new file.' : `Uploaded: ${uploaded.join(', ')}`);
  await say(
    source === null
      ? 'The source was removed and is not made again.'
      : `The source ${source.name} (${source.id}) is pulled ${source.schedule ?? 'on demand'}.`,
  );
  return 0;
});
