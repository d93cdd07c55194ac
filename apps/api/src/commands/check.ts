import { ConsistencyCheck, InspectionModule } from '@app/inspection';
import { runCommand } from './command-context.js';
import { say, sayDifferences } from './say.js';

/** `check [--json]`: exit code 0 where all stores agree, 1 where they do not, 2 where one does not answer. */
await runCommand([InspectionModule], async (context) => {
  const report = await context.get(ConsistencyCheck).run();
  if (process.argv.includes('--json')) {
    await say(JSON.stringify(report));
  } else {
    const compared = Object.entries(report.compared).map(([name, count]) => `${name} ${count}`);
    await sayDifferences(report.differences);
    await say(`Compared in ${report.seconds.toFixed(1)} s: ${compared.join(', ')}`);
    await say(`Audit sealed up to ${report.auditSeal ?? 'nothing yet'}`);
    await say(report.clean ? 'No differences.' : `${report.differences.length} differences.`);
  }
  return report.clean ? 0 : 1;
});
