import type { Member, ReportEntity } from '@app/reports';

export type ExportFormat = 'csv' | 'json';

/** What a spreadsheet would take for a formula is made text by a leading quote. */
const FORMULA = /^[=+\-@\t\r]/;

const END_OF_LINE = '\r\n';

const cell = (text: string): string => {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Members as the text of a file: CSV, or a JSON array with one member a line. */
export async function* exportText(
  members: AsyncIterable<Member[]>,
  report: ReportEntity,
  format: ExportFormat,
): AsyncGenerator<string> {
  const labels = new Map(report.outcome?.segments.map(({ index, label }) => [index, label]));
  const { features } = report.params;
  const labelOf = ({ segment }: Member): string => labels.get(segment) ?? '';
  const asCsv = (member: Member): string => {
    const values = features.map((name) => member.features[name] ?? '');
    return [cell(member.shopperId), member.segment, cell(labelOf(member)), ...values].join(',') + END_OF_LINE;
  };
  const asJson = (member: Member): string =>
    JSON.stringify({
      shopperId: member.shopperId,
      segment: member.segment,
      label: labelOf(member),
      features: member.features,
      rfm: member.rfm,
    });
  if (format === 'csv') {
    yield ['shopperId', 'segment', 'label', ...features.map(cell)].join(',') + END_OF_LINE;
    for await (const portion of members) yield portion.map(asCsv).join('');
    return;
  }
  let separator = '[';
  for await (const portion of members) {
    yield separator + portion.map(asJson).join(',\n');
    separator = ',\n';
  }
  yield separator === '[' ? '[]\n' : ']\n';
}
