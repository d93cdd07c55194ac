import { Injectable } from '@nestjs/common';
import { FrameQuery, type JsonValue } from '@app/frames';
import { invalidParameter, notFound } from '@app/problems';
import type { ReportEntity } from '../report.entity.js';
import { MEMBER_COLUMNS, memberFeature } from './member-columns.js';
import { membersTable } from './members-table.js';

export interface Member {
  shopperId: string;
  segment: number;
  features: Record<string, number | null>;
  /** Where the report has scores. */
  rfm?: { r: number; f: number; m: number; group: string };
}

export interface MemberQuery {
  page: number;
  pageSize: number;
  /** `shopperId`, `segment` or a feature, with a leading `-` for falling order. */
  ordering?: string | undefined;
}

/** The shoppers of finished reports. */
@Injectable()
export class ReportMembersReader {
  constructor(private readonly frames: FrameQuery) {}

  /** @throws Problem not_found for a segment the report does not have, conflict where it is not finished */
  async ofSegment(
    report: ReportEntity,
    index: number,
    query: MemberQuery,
  ): Promise<{ count: number; members: Member[] }> {
    const table = membersTable(report);
    if (!report.outcome?.segments.some((segment) => segment.index === index)) throw notFound('segment');
    const { count, rows } = await this.frames.rows(table, {
      page: query.page,
      pageSize: query.pageSize,
      ordering: [orderingOf(report, query.ordering ?? 'shopperId')],
      filters: [{ column: 'segment', operator: 'eq', value: String(index) }],
    });
    return { count, members: rows.map((row) => toMember(report, row)) };
  }

  /** @throws Problem not_found where the report has no such shopper, conflict where it is not finished */
  async member(report: ReportEntity, shopperId: string): Promise<Member> {
    const { rows } = await this.frames.rows(membersTable(report), {
      page: 1,
      pageSize: 1,
      filters: [{ column: 'shopperId', operator: 'eq', value: shopperId }],
    });
    const [row] = rows;
    if (row === undefined) throw notFound('shopper');
    return toMember(report, row);
  }
}

function orderingOf({ params }: ReportEntity, ordering: string): string {
  const descending = ordering.startsWith('-');
  const name = descending ? ordering.slice(1) : ordering;
  const sign = descending ? '-' : '';
  if ((MEMBER_COLUMNS as readonly string[]).includes(name)) return `${sign}${name}`;
  if (params.features.includes(name)) return `${sign}${memberFeature(name)}`;
  const known = [...MEMBER_COLUMNS, ...params.features].join(', ');
  throw invalidParameter('ordering', `one of ${known}, or the same with a leading -`);
}

const toMember = ({ params }: ReportEntity, row: Record<string, JsonValue>): Member => ({
  shopperId: String(row['shopperId']),
  segment: Number(row['segment']),
  features: Object.fromEntries(
    params.features.map((name) => [name, (row[memberFeature(name)] ?? null) as number | null]),
  ),
  ...(params.rfm !== null && { rfm: scoresOf(row) }),
});

const scoresOf = (row: Record<string, JsonValue>): NonNullable<Member['rfm']> => ({
  r: Number(row['rfm.r']),
  f: Number(row['rfm.f']),
  m: Number(row['rfm.m']),
  group: String(row['rfm.group']),
});
