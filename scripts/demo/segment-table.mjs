const WIDTH = 100;
const INDENT = '  ';
const SENTENCE_INDENT = INDENT.repeat(2);
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
  const figuresWith = (/** @type {(feature: any) => string} */ heading) => [
    column('Shoppers', ({ size }) => size.toLocaleString('en')),
    column('Share', ({ share }) => percent(share)),
    column('Revenue', ({ revenueShare }) => percent(revenueShare)),
    ...features
      .slice(0, SHOWN_FEATURES)
      .map((/** @type {any} */ feature) => [
        heading(feature),
        ...figures(segments.map((/** @type {any} */ segment) => segment.centroid[feature.name])),
      ]),
  ];
  const labels = column('Segment', ({ label }) => label);
  const withUnits = figuresWith(({ label, unit }) => (unit ? `${label} (${unit})` : label));
  const plain = figuresWith(({ label }) => shorten(label, LONGEST_HEADING));
  const columns = width([labels, ...withUnits]) <= WIDTH ? withUnits : plain;
  const room = WIDTH - width(columns) - INDENT.length;
  const [header, ...rows] = lines([labels.map((label) => shorten(label, room)), ...columns]);
  return [
    header,
    `${INDENT}${'─'.repeat(header.length - INDENT.length)}`,
    ...rows.flatMap((row, index) => {
      const { label, summary } = segments[index];
      return [row, wrap(label.length > room ? `${label}: ${summary}` : summary)];
    }),
  ].join('\n');
}

/** @param {string} text @param {number} length */
function shorten(text, length) {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** Characters that these columns take side by side. @param {string[][]} columns */
function width(columns) {
  return columns.reduce(
    (sum, cells) => sum + INDENT.length + Math.max(...cells.map((cell) => cell.length)),
    0,
  );
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
  return padded[0].map((_, row) => padded.map((cells) => `${INDENT}${cells[row]}`).join(''));
}

/** @param {string} sentence */
function wrap(sentence) {
  const lines = [SENTENCE_INDENT];
  for (const word of sentence.split(' ')) {
    const last = lines.length - 1;
    const longer = lines[last] === SENTENCE_INDENT ? `${SENTENCE_INDENT}${word}` : `${lines[last]} ${word}`;
    if (longer.length <= WIDTH) lines[last] = longer;
    else lines.push(`${SENTENCE_INDENT}${word}`);
  }
  return lines.join('\n');
}
