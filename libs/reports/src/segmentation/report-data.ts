import { Injectable } from '@nestjs/common';
import { InjectEntityManager } from '@nestjs/typeorm';
import { VisibleSetEntity } from '@app/datasets';
import { type DuckDBConnection, FrameQuery, type ReadOptions, type VisibleSet } from '@app/frames';
import { Problem } from '@app/problems';
import {
  habitsQuery,
  type HabitName,
  lastTransactionQuery,
  type SalesSource,
  shoppersQuery,
  type ShopperTable,
} from '@app/shopping';
import { type EntityManager, In } from 'typeorm';
import type { ReportInput } from '../request/report-input.js';
import type { ReportParams } from '../request/report-params.js';
import { firstRow } from './shopper-figures.js';
import { oneVisibleSet } from './one-visible-set.js';

const DAY_MICROSECONDS = 86_400_000_000n;

/** The data of one report, open for reading. */
export interface OpenData {
  connection: DuckDBConnection;
  /** Empty for shoppers datasets. */
  sales: SalesSource[];
  /** Microseconds since 1970; null for shoppers datasets. */
  asOf: bigint | null;
  table: ShopperTable;
}

/** Opens the data a report was asked for, as it was then. */
@Injectable()
export class ReportData {
  constructor(
    @InjectEntityManager() private readonly manager: EntityManager,
    private readonly frames: FrameQuery,
  ) {}

  /** @throws Problem unprocessable where the data holds no transaction with a time */
  async open<T>(
    { input, params }: { input: ReportInput; params: ReportParams },
    options: ReadOptions,
    work: (data: OpenData) => Promise<T>,
  ): Promise<T> {
    const { visible, relationsOf } = oneVisibleSet(await this.visibleSets(input));
    const read = async (connection: DuckDBConnection, relation: string): Promise<T> => {
      const relations = relationsOf(relation);
      if (input.kind === 'shoppers') {
        return work({ connection, sales: [], asOf: null, table: shoppersTable(input, relations) });
      }
      const sales = input.datasets.map(({ columns, productName, timezone }, index) => ({
        relation: relations[index] ?? '',
        columns,
        productName,
        timezone,
      }));
      const asOf = await momentOf(connection, sales, params.asOf);
      const table = habitsQuery(sales, params.features as HabitName[], asOf);
      return work({ connection, sales, asOf, table });
    };
    return this.frames.withRelation(visible, read, options);
  }

  private async visibleSets({ datasets }: ReportInput): Promise<VisibleSet[]> {
    const ids = datasets.map(({ visibleSetId }) => visibleSetId);
    const found = await this.manager.findBy(VisibleSetEntity, { id: In(ids) });
    const byId = new Map(found.map((set) => [set.id, set]));
    return datasets.map(({ visibleSetId, timezone }) => {
      const set = byId.get(visibleSetId);
      if (set === undefined) {
        throw new Problem('unprocessable', 'The data of this report is gone; ask for a new report.');
      }
      const { id, columns, rowCount, uploads } = set;
      return { id, timezone, columns, rowCount, uploads };
    });
  }
}

function shoppersTable(
  { datasets, numbers, texts }: ReportInput,
  relations: readonly string[],
): ShopperTable {
  const sources = datasets.map(({ columns: { shopperId, amount } }, index) => ({
    relation: relations[index] ?? '',
    id: shopperId,
    amount,
    numbers: numbers.map(({ columns }) => columns[index] ?? ''),
    texts: texts.map(({ columns }) => columns[index] ?? ''),
  }));
  return shoppersQuery(
    sources,
    numbers.map(({ name }) => name),
  );
}

/** The given day of the report, else a day after the last transaction: never the clock, so that answers repeat. */
async function momentOf(
  connection: DuckDBConnection,
  sales: readonly SalesSource[],
  given: string | null,
): Promise<bigint> {
  if (given !== null) return BigInt(Date.parse(given)) * 1000n;
  const { last } = await firstRow(connection, lastTransactionQuery(sales));
  if (typeof last !== 'bigint') {
    throw new Problem('unprocessable', 'No transaction has a time; nothing can be said about habits.');
  }
  return last + DAY_MICROSECONDS;
}
