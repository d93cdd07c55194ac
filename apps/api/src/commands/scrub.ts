import { InspectionModule, Scrubber } from '@app/inspection';
import { runCommand } from './command-context.js';
import { say, sayDifferences } from './say.js';

/** `scrub [--json]`: exit code 0 where every byte is as it was written, 1 where one is not, 2 where a store does not answer. */
await runCommand([InspectionModule], async (context) => {
  const report = await context.get(Scrubber).run();
  if (process.argv.includes('--json')) {
    await say(JSON.stringify(report));
  } else {
    const { blobs, frames, bytes, seconds, differences, clean } = report;
    await sayDifferences(differences);
    await say(`Read ${blobs} blobs and ${frames} frames, ${bytes} bytes, in ${seconds.toFixed(1)} s.`);
    await say(clean ? 'All as they were written.' : `${differences.length} are not as they were written.`);
  }
  return report.clean ? 0 : 1;
});
