const WIDTH = 100;
const INDENT = '    ';
const SHOWN_FEATURES = 3;
const LONGEST_HEADING = 14;

const percent = (/** @type {number | null} */ share) =>
  share === null || share === undefined ? '–' : `${(share * 100).toFixed(1)} %`;

/**
 * A column of figures, all to the same digits: none that only look exact, enough to tell small values apart.
 * @param {number[]} values
 * @returns {string[]}
 */
function figures(values) {
  const digits = Math.max(...values.map(Math.abs)) >= 100 ? 0 : 1;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return values.map((value) => value.toLocaleString('en', options));
}

/**
 * The segments of a report for a terminal of 100 columns: one line each, its sentence below.
 * @param {any} report  as the api gives it
 * @returns {string}
 */
export function segmentTable({ segments, features }) {
  const column = (/** @type {string} */ heading, /** @type {(segment: any) => string} */ cell) => [
    heading,
    ...segments.map(cell),
  ];
  const shown = features.slice(0, SHOWN_FEATURES);
  const columnsWith = (/** @type {(feature: any) => string} */ heading) => [
    column('Segment', ({ label }) => label),
    column('Shoppers', ({ size }) => size.toLocaleString('en')),
    column('Share', ({ share }) => percent(share)),
    column('Revenue', ({ revenueShare }) => percent(revenueShare)),
    ...shown.map((/** @type {any} */ feature) => [
      heading(feature),
      ...figures(segments.map((/** @type {any} */ segment) => segment.centroid[feature.name])),
    ]),
  ];
  const withUnits = lines(columnsWith(({ label, unit }) => (unit ? `${label} (${unit})` : label)));
  const fits = withUnits.every((line) => line.length <= WIDTH);
  const [header, ...rows] = fits
    ? withUnits
    : lines(columnsWith(({ label }) => label.slice(0, LONGEST_HEADING)));
  return [
    header,
    `  ${'─'.repeat(header.length - 2)}`,
    ...rows.flatMap((row, index) => [row, wrap(segments[index].summary)]),
  ].join('\n');
}

/**
 * Columns side by side, the first to the left and the others to the right.
 * @param {string[][]} columns
 * @returns {string[]}
 */
function lines(columns) {
  const widths = columns.map((cells) => Math.max(...cells.map((cell) => cell.length)));
  const padded = columns.map((cells, index) =>
    cells.map((cell) => (index === 0 ? cell.padEnd(widths[index]) : cell.padStart(widths[index]))),
  );
  return padded[0].map((_, row) => `  ${padded.map((cells) => cells[row]).join('  ')}`);
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
