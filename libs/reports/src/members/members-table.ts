import { visibleTable, type VisibleSet } from '@app/frames';
import { Problem } from '@app/problems';
import type { ReportEntity } from '../report.entity.js';

/** A report's members as a table: `c0` the shopper's id, `c1` the segment, then the features. @throws Problem conflict where it is not finished */
export function membersTable({ id, members }: Pick<ReportEntity, 'id' | 'members'>): VisibleSet {
  if (members === null) throw new Problem('conflict', 'The report is not finished; it has no members yet.');
  return visibleTable({ ...members, ownerId: id });
}
