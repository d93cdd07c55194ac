import type { DuckDBConnection } from '@duckdb/node-api';
import { LRUCache } from 'lru-cache';
import type { Column } from '../../columns/column.js';
import { select } from '../select.js';
import type { VisibleSet } from '../visible-set.js';

const MOST_KNOWN = 10_000;

/** So many are told of in one pass over the rows, however few are asked for; of more only those. */
export const FEW_GROUPS = 1000;

/** Remembers which columns divide a set into few groups: a set is immutable, and filters leave no more of them. */
export class KnownGroups {
  private readonly few = new LRUCache<string, boolean>({ max: MOST_KNOWN });

  /** Whether there are few groups. @param relation the rows of the set */
  async areFew(
    connection: DuckDBConnection,
    relation: string,
    { id }: VisibleSet,
    columns: readonly Column[],
  ): Promise<boolean> {
    const names = columns.map(({ physical }) => physical).join(', ');
    const key = `${id}:${names}`;
    const known = this.few.get(key);
    if (known !== undefined) return known;
    const [[groups] = []] = await select(
      connection,
      `SELECT count(*) FROM (SELECT DISTINCT ${names} FROM ${relation} LIMIT ${FEW_GROUPS + 1})`,
    );
    const few = Number(groups) <= FEW_GROUPS;
    this.few.set(key, few);
    return few;
  }
}
