import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { DuckEngine } from '../engine/duck-engine.js';
import { linkInto } from '../engine/link-into.js';
import { readParquet } from '../engine/sql.js';
import type { Anomaly, Finding } from './finding.js';

/** A list as an ingest wrote it, with what was found. */
export interface FindingList {
  /** A local file. */
  path: string;
  findings: readonly Finding[];
}

/** Findings that {@link FindingLists.all} reads at a time: between two parts a slow reader holds nothing. */
const PART = 20_000;

/** Reads the lists of single findings: a page costs what a page holds, however long the list is. */
@Injectable()
export class FindingLists {
  constructor(private readonly engine: DuckEngine) {}

  /**
   * Findings of a page, in file order.
   * @param type only those of one type
   * @returns `count`: all there are of these
   * @throws Problem unavailable under overload
   */
  async page(
    list: FindingList,
    { type, page, pageSize }: { type?: string | undefined; page: number; pageSize: number },
  ): Promise<{ count: number; results: Anomaly[] }> {
    const wanted = ofType(list.findings, type);
    const count = countOf(wanted);
    const offset = (page - 1) * pageSize;
    if (offset >= count) return { count, results: [] };
    const kinds = wanted.length === list.findings.length ? '' : `WHERE ${isAmong(wanted)}`;
    const results = await this.linked(list.path, (path) =>
      this.read(`${readParquet([path])} ${kinds} LIMIT ${pageSize} OFFSET ${offset}`, wanted),
    );
    return { count, results };
  }

  /**
   * All findings, in file order, in parts.
   * @param type only those of one type
   */
  async *all({ path, findings }: FindingList, type?: string): AsyncGenerator<Anomaly[]> {
    const wanted = ofType(findings, type);
    const rows = wanted.length === 0 ? 0 : countOf(findings);
    for (let first = 0; first < rows; first += PART) {
      yield await this.linked(path, (linked) => {
        const numbered = `read_parquet('${linked}', file_row_number=true, hive_partitioning=false)`;
        const part = `file_row_number BETWEEN ${first} AND ${first + PART - 1}`;
        return this.read(`${numbered} WHERE ${part} AND ${isAmong(wanted)}`, wanted);
      });
    }
  }

  /** DuckDB keeps the order of a file. */
  private read(from: string, findings: readonly Finding[]): Promise<Anomaly[]> {
    const known = new Map(findings.map((finding) => [finding.kind, finding]));
    return this.engine.query(async (connection) => {
      const reader = await connection.runAndReadAll(
        `SELECT CAST(line AS DOUBLE), kind, value, message FROM ${from}`,
      );
      return reader.getRows().map(([line, kind, value, message]) => {
        const { column, type, message: general } = known.get(Number(kind)) as Finding;
        return {
          line: Number(line),
          column,
          type,
          value: value as string | null,
          message: (message as string | null) ?? general,
        };
      });
    });
  }

  private async linked<T>(source: string, work: (path: string) => Promise<T>): Promise<T> {
    const directory = this.engine.scratchDirectory();
    try {
      return await work(await linkInto(join(directory, 'findings.parquet'), source));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
}

const ofType = (findings: readonly Finding[], type: string | undefined): readonly Finding[] =>
  type === undefined ? findings : findings.filter((finding) => finding.type === type);

const countOf = (findings: readonly Finding[]): number => findings.reduce((sum, { count }) => sum + count, 0);

const isAmong = (findings: readonly Finding[]): string =>
  `kind IN (${findings.map(({ kind }) => kind).join(', ')})`;
