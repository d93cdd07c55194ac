import type { ApiClient } from '../../e2e/harness/index.js';
import { csvForm } from '../../e2e/harness/uploads.js';
import { randomNumbers } from './profile.js';

/** `unknown`: no answer came, so that it may have been taken or not. */
export type Outcome = 'ok' | 'failed' | 'unknown';

export interface Operation {
  batch: number;
  rows: number;
  outcome: Outcome;
  /** Status of the answer, 0 without one. */
  status: number;
}

const token = (batch: number, seq: number): string => `${batch}:${seq}`;

/** Uploads files into one dataset and remembers how each one went. */
export class Workload {
  readonly operations: Operation[] = [];
  private readonly random: () => number;

  constructor(
    readonly datasetId: string,
    private readonly name: string,
    private readonly largest = 2000,
  ) {
    this.random = randomNumbers(name);
  }

  async upload(api: ApiClient): Promise<Operation> {
    const rows = 1 + Math.floor(this.random() * this.largest);
    const operation: Operation = { batch: this.operations.length, rows, outcome: 'unknown', status: 0 };
    this.operations.push(operation);
    await this.send(api, operation);
    return operation;
  }

  /**
   * The file of an operation: every row differs from all others, so that a lost, doubled or invented one shows, and every
   * file from those of other workloads, as no customer may send the same twice.
   */
  fileOf({ batch, rows }: Pick<Operation, 'batch' | 'rows'>): string {
    const records = Array.from({ length: rows }, (_, seq) => `${this.name},${seq},${token(batch, seq)}\n`);
    return `workload,seq,token\n${records.join('')}`;
  }

  /** Sends the file of an operation again whose outcome is unknown, until it is known. */
  async repeat(api: ApiClient, operation: Operation): Promise<void> {
    await this.send(api, operation);
  }

  private async send(api: ApiClient, operation: Operation): Promise<void> {
    const form = csvForm({}, this.fileOf(operation), `batch-${operation.batch}.csv`);
    try {
      const { status } = await api.post(`/datasets/${this.datasetId}/uploads`, form);
      // A duplicate of the same bytes says that they have been taken.
      operation.outcome = status === 202 || status === 409 ? 'ok' : 'failed';
      operation.status = status;
    } catch {
      operation.outcome = 'unknown';
    }
  }
}
