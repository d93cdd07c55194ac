import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { AnswerCache, type KeptAnswer } from '@app/cache';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';
import { type Difference, difference, type Finding } from './difference.js';

const BATCH_SIZE = 500;
const UUID_LENGTH = 36;

/** What Postgres knows of the data behind an answer. */
interface Source {
  id: string;
  customerId: string;
  /** Of a visible set. */
  rowCount: string | null;
  /** Of a report. */
  status: string | null;
}

/** Kept answers against whose data they are of and how much of it there is. Another system's answers say nothing here. */
@Injectable()
export class AnswerCheck {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly answers: AnswerCache,
  ) {}

  async run(): Promise<Finding> {
    const differences: Difference[] = [];
    let compared = 0;
    let batch: KeptAnswer[] = [];
    const compareBatch = async (): Promise<void> => {
      compared += batch.length;
      differences.push(...(await this.compare(batch)));
      batch = [];
    };
    for await (const answer of this.answers.kept()) {
      batch.push(answer);
      if (batch.length === BATCH_SIZE) await compareBatch();
    }
    await compareBatch();
    return { compared: { keptAnswers: compared }, differences };
  }

  private async compare(answers: readonly KeptAnswer[]): Promise<Difference[]> {
    const sources = await this.sources(answers.map(sourceOf).filter((id) => isUuid(id)));
    return answers.flatMap((answer) => {
      const source = sources.get(sourceOf(answer));
      if (source === undefined) return [];
      if (source.customerId !== answer.customerId) {
        return [difference('answer_foreign', answer.name, `the data is of customer ${source.customerId}`)];
      }
      const { count, status } = (answer.value ?? {}) as { count?: unknown; status?: unknown };
      const rows = source.rowCount === null ? null : Number(source.rowCount);
      const isWrong =
        (answer.kind === 'rows' && rows !== null && Number(count) > rows) ||
        (answer.kind === 'report' && source.status !== null && status !== source.status);
      return isWrong ? [difference('answer_wrong', answer.name, `a kept answer about ${source.id}`)] : [];
    });
  }

  private async sources(ids: string[]): Promise<Map<string, Source>> {
    const rows = await this.manager.query<Source[]>(
      `SELECT v.id, d.customer_id AS "customerId", v.row_count AS "rowCount", NULL AS status
         FROM visible_sets v JOIN datasets d ON d.id = v.dataset_id WHERE v.id = ANY($1::uuid[])
       UNION ALL SELECT id, customer_id, NULL, status FROM reports WHERE id = ANY($1::uuid[])
       UNION ALL SELECT id, customer_id, NULL, NULL FROM uploads WHERE id = ANY($1::uuid[])`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }
}

/** Versions begin with the id of the immutable thing that is answered about. */
const sourceOf = ({ version }: KeptAnswer): string => version.slice(0, UUID_LENGTH);
