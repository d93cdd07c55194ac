import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Member, ReportEntity, ReportMembersReader } from '@app/reports';

/** What a spreadsheet would take for a formula is made text by a leading quote. */
const FORMULA = /^[=+\-@\t\r]/;

const cell = (text: string): string => {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Writes every member of a report, sorted by shopperId, as fast as the receiver takes them, and ends the stream. */
export async function writeMembers(
  reader: ReportMembersReader,
  report: ReportEntity,
  format: 'csv' | 'json',
  output: Writable,
): Promise<void> {
  const labels = new Map(report.outcome?.segments.map(({ index, label }) => [index, label]));
  const { features } = report.params;
  const asCsv = ({ shopperId, segment, features: values }: Member): string =>
    `${[
      cell(shopperId),
      segment,
      cell(labels.get(segment) ?? ''),
      ...features.map((name) => values[name] ?? ''),
    ].join(',')}\r\n`;
  let first = true;
  const asJson = (member: Member): string => {
    const { shopperId, segment, features: values } = member;
    const text = JSON.stringify({ shopperId, segment, label: labels.get(segment) ?? '', features: values });
    const separator = first ? '' : ',\n';
    first = false;
    return separator + text;
  };
  const write = format === 'csv' ? asCsv : asJson;
  output.write(
    format === 'csv' ? `${['shopperId', 'segment', 'label', ...features.map(cell)].join(',')}\r\n` : '[',
  );
  await reader.each(report, async (members) => {
    if (!output.write(members.map(write).join(''))) await once(output, 'drain');
  });
  output.end(format === 'csv' ? undefined : ']\n');
}
