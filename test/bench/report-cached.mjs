/**
 * How fast a report is answered that was made before: the request for it (`POST /reports`) and the report itself
 * (`GET /reports/{id}`), one after the other and by ten clients at once, as medians in milliseconds; at most 10 ms are allowed.
 */
import { benchOptions } from './harness/contest.mjs';
import { onlineRetail } from './harness/data.mjs';
import { medianLatency } from './harness/latency.mjs';
import { printOutcome } from './harness/outcome.mjs';
import { System } from './harness/system.mjs';

const LIMIT_MS = 10;
const TIMES = { times: 300, warmUp: 50 };
const CLIENTS = 10;

const { json } = benchOptions();
const data = await onlineRetail();
const system = await System.start();
try {
  const customerId = await system.customer();
  const { task } = await system.upload(customerId, data.file);
  await system.finished(task.id);
  const { report, task: made } = await system.post('/reports', { customerId });
  await system.finished(made.id);

  const request = async () => {
    const { task: unexpected } = await system.post('/reports', { customerId });
    if (unexpected !== undefined) throw new Error('the report was made again');
  };
  const look = () => system.get(`/reports/${report.id}`);
  const value = await medianLatency(request, TIMES);
  const shown = await medianLatency(look, TIMES);
  const atOnce = await Promise.all(Array.from({ length: CLIENTS }, () => medianLatency(request, TIMES)));
  printOutcome(
    {
      name: 'report-cached',
      unit: 'ms',
      better: 'lower',
      ours: { value, getMs: shown, [`slowestOf${CLIENTS}ClientsMs`]: Math.max(...atOnce) },
      peers: { 'what is allowed': { value: LIMIT_MS } },
    },
    json,
  );
  process.exitCode = value <= LIMIT_MS && shown <= LIMIT_MS ? 0 : 1;
} finally {
  await system.stop();
  data.remove();
}
