import type { ReportResponse } from '../report.response.js';
import { at, number, short } from './format.js';
import { type Html, html } from './html.js';

const WIDTH = 900;
const LABELS = 240;
const HEAD = 44;
const ROW = 36;
/** Beyond it text would be hard to read. */
const STRONGEST = 0.7;
const WEAKEST = 0.05;

/** Centroids in their own units; the darker, the higher among the segments (on a logarithmic scale). */
export function heatMap({ segments, features }: Pick<ReportResponse, 'segments' | 'features'>): Html {
  const cell = (WIDTH - LABELS) / Math.max(1, features.length);
  const letters = Math.max(6, Math.floor(cell / 8));
  const heads = features.map(
    ({ label, unit }, column) =>
      html`<text class="middle" x="${at(LABELS + (column + 0.5) * cell)}" y="16"
          >${short(label, letters)}</text
        >
        <text class="note middle" x="${at(LABELS + (column + 0.5) * cell)}" y="34"
          >${short(unit, letters)}</text
        >`,
  );
  const columns = features.map(({ name }) => {
    const values = segments.map(({ centroid }) => centroid[name] ?? 0);
    return { values, strengths: strengthsOf(values) };
  });
  const rows = segments.map(({ label }, row) => {
    const top = HEAD + row * ROW;
    const cells = columns.map(({ values, strengths }, column) => {
      const left = LABELS + column * cell;
      return html`<rect
          class="heat"
          x="${at(left + 1)}"
          y="${top + 1}"
          width="${at(cell - 2)}"
          height="${ROW - 2}"
          rx="3"
          fill-opacity="${(WEAKEST + (strengths[row] ?? 0) * (STRONGEST - WEAKEST)).toFixed(2)}"
        />
        <text class="middle" x="${at(left + cell / 2)}" y="${top + 23}">${number(values[row] ?? 0)}</text>`;
    });
    return html`<text class="end" x="${LABELS - 14}" y="${top + 23}">${short(label, 30)}</text>${cells}`;
  });
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEAD + segments.length * ROW}"
    role="img"
    aria-label="Mean of each feature in each segment"
  >
    ${heads}${rows}
  </svg>`;
}

/** Where values stand between the lowest (0) and the highest (1). */
function strengthsOf(values: readonly number[]): number[] {
  const scaled = values.map((value) => Math.sign(value) * Math.log1p(Math.abs(value)));
  const low = Math.min(...scaled);
  const range = Math.max(...scaled) - low;
  return scaled.map((value) => (range === 0 ? 0.5 : (value - low) / range));
}
