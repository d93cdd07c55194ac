import { workerData } from 'node:worker_threads';
import { Coefficients, type Plan } from './coefficients.js';

/** What a thread starts with. */
export interface ThreadData {
  plan: Plan;
  worker: number;
}

const { plan, worker } = workerData as ThreadData;
const work = new Coefficients(plan, worker);
while (work.next());
