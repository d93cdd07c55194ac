const WIDTH = 100;
const INDENT = '    ';
const SHOWN_FEATURES = 3;

const percent = (/** @type {number | null} */ share) =>
  share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;

/** Enough digits to tell small values apart, none that only look exact. @param {number} value */
function amount(value) {
  const digits = Math.abs(value) >= 100 ? 0 : 1;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/**
 * The segments of a report for a terminal of 100 columns: one line each, its sentence below.
 * @param {any} report  as the api gives it
 * @returns {string}
 */
export function segmentTable(report) {
  const features = report.features.slice(0, SHOWN_FEATURES);
  const header = ['Segment', 'Shoppers', 'Share', 'Revenue', ...features.map(heading)];
  const rows = report.segments.map((/** @type {any} */ segment) => [
    segment.label,
    segment.size.toLocaleString('en'),
    percent(segment.share),
    percent(segment.revenueShare),
    ...features.map((/** @type {any} */ { name }) => amount(segment.centroid[name])),
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((cells) => String(cells[column]).length)),
  );
  const line = (/** @type {string[]} */ cells) =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column]))).join('  ')}`;
  const sentences = report.segments.map((/** @type {any} */ segment) => wrap(segment.summary));
  return [
    line(header),
    line(widths.map((width) => '─'.repeat(width))),
    ...rows.flatMap((/** @type {string[]} */ cells, /** @type {number} */ index) => [
      line(cells),
      sentences[index],
    ]),
  ].join('\n');
}

/** @param {{ label: string, unit?: string }} feature */
function heading({ label, unit }) {
  const text = unit ? `${label} (${unit})` : label;
  return text.length > 18 ? label.slice(0, 18) : text;
}

/** @param {string} sentence */
function wrap(sentence) {
  const lines = [INDENT];
  for (const word of sentence.split(' ')) {
    const last = lines.length - 1;
    const longer = lines[last] === INDENT ? `${INDENT}${word}` : `${lines[last]} ${word}`;
    if (longer.length <= WIDTH) lines[last] = longer;
    else lines.push(`${INDENT}${word}`);
  }
  return lines.join('\n');
}
