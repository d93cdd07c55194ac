import { Problem } from '@app/problems';
import type { Finding } from '../findings/finding.js';
import type { TypedColumn } from '../types/typed-column.js';
import type { FlaggedRows } from './flag-rows.js';
import type { PreparedSource } from './prepare-source.js';
import type { IngestCounts } from './request.js';
import type { StagedFile } from './stage-table.js';

/** @throws Error where a record is neither stored nor rejected, which would be our fault */
export function countsOf(
  { scan }: PreparedSource,
  staged: StagedFile,
  flagged: FlaggedRows,
  written: { rowCount: number },
  findings: Finding[],
): IngestCounts {
  const rejected = staged.rejected + flagged.rejected;
  const accepted = written.rowCount + flagged.dropped;
  if (accepted + rejected !== scan.records) {
    throw new Error(`${accepted} rows and ${rejected} rejects do not make ${scan.records} records.`);
  }
  return {
    records: scan.records,
    accepted,
    rejected,
    blankLines: scan.blankLines,
    duplicates: flagged.duplicates,
    dropped: flagged.dropped,
    repeatedKeys: flagged.repeatedKeys,
    anomalies: findings.reduce((sum, finding) => sum + (finding.rejected ? 0 : finding.count), 0),
  };
}

/** @throws Problem unprocessable where a larger share of the records was rejected than is allowed */
export function checkRejectedShare(rejected: number, records: number, allowed: number | undefined): void {
  if (allowed === undefined || rejected <= allowed * records) return;
  throw new Problem(
    'unprocessable',
    `${rejected} of ${records} records were rejected (${percent(rejected / records)}), more than the ${percent(allowed)} that the dataset allows (maxRejectedShare).`,
  );
}

const percent = (share: number): string => `${Number((share * 100).toFixed(2))} %`;

export function noRowFits(columns: TypedColumn[], rows: number): Problem {
  const worst = columns.reduce((worst, column) => (column.misfits > worst.misfits ? column : worst));
  if (worst.misfits === 0) return new Problem('unprocessable', `None of the ${rows} rows has a key.`);
  return new Problem(
    'unprocessable',
    `None of the ${rows} rows can be loaded: "${worst.name}" must be ${worst.type}, which ${worst.misfits} values are not.`,
  );
}
