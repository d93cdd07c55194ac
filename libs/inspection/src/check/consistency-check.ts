import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AuditChain } from '@app/audit';
import { AnswerCheck } from './answer-check.js';
import { BlobCheck } from './blob-check.js';
import { type Difference, difference, type Finding } from './difference.js';
import { FrameCheck } from './frame-check.js';
import { QueueCheck } from './queue-check.js';
import { WorkCheck } from './work-check.js';

const SECOND_LOOK_MS = 2000;

export interface CheckReport {
  clean: boolean;
  checkedAt: Date;
  seconds: number;
  /** How many of what were compared. */
  compared: Record<string, number>;
  /** The last seal of the audit: noted elsewhere, it shows whether the whole chain was made anew. */
  auditSeal: string | null;
  differences: Difference[];
}

/** Whether Postgres, MongoDB, the blobs, the queues, the cache and the audit agree. Changes nothing. */
@Injectable()
export class ConsistencyCheck {
  constructor(
    private readonly work: WorkCheck,
    private readonly blobs: BlobCheck,
    private readonly frames: FrameCheck,
    private readonly queues: QueueCheck,
    private readonly answers: AnswerCheck,
    private readonly audit: AuditChain,
  ) {}

  /**
   * Compares everything, while the system works: a difference counts only where a second look, a moment later, sees it too.
   * @throws where Postgres or MongoDB does not answer
   */
  async run(): Promise<CheckReport> {
    const checkedAt = new Date();
    const first = await this.look();
    let { differences } = first;
    if (differences.length > 0) {
      await delay(SECOND_LOOK_MS);
      const seen = new Set(differences.map(keyOf));
      differences = (await this.look()).differences.filter((each) => seen.has(keyOf(each)));
    }
    return {
      clean: differences.length === 0,
      checkedAt,
      seconds: (Date.now() - checkedAt.getTime()) / 1000,
      compared: first.compared,
      auditSeal: first.auditSeal,
      differences,
    };
  }

  private async look(): Promise<Finding & { auditSeal: string | null }> {
    const parts = [this.work, this.blobs, this.frames, this.queues, this.answers];
    const findings: Finding[] = [];
    for (const part of parts) findings.push(await part.run());
    const { head, faults } = await this.audit.verify();
    return {
      compared: {
        ...Object.assign({}, ...findings.map(({ compared }) => compared)),
        auditSeals: Number(head?.position ?? 0),
      },
      auditSeal: head?.hash ?? null,
      differences: [
        ...findings.flatMap(({ differences }) => differences),
        ...faults.map(({ kind, id, detail }) => difference(kind, id, detail)),
      ],
    };
  }
}

const keyOf = ({ kind, id }: Difference): string => `${kind} ${id}`;
