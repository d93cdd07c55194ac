import type { ReportResponse } from '../report.response.js';
import { at, number, short, unitOf, wrapped } from './format.js';
import { type Html, html } from '@app/html';

const WIDTH = 900;
const LABELS = 240;
const LINE = 16;
const MAX_LINES = 3;
/** Width of one letter, about. */
const LETTER = 7;
const ROW = 36;
/** Beyond it text would be hard to read. */
const STRONGEST = 0.7;
const WEAKEST = 0.05;

/** Centroids in their own units; the darker, the higher among the segments (on a logarithmic scale). */
export function heatMap({ segments, features }: Pick<ReportResponse, 'segments' | 'features'>): Html {
  const cell = (WIDTH - LABELS) / Math.max(1, features.length);
  const letters = Math.max(6, Math.floor(cell / LETTER));
  const names = features.map(({ label }) => wrapped(label, letters, MAX_LINES));
  const lines = Math.max(1, ...names.map(({ length }) => length));
  const head = (lines + 1) * LINE + 10;
  const heads = features.map(({ unit }, column) => {
    const x = at(LABELS + (column + 0.5) * cell);
    const words = names[column] ?? [];
    const first = lines - words.length + 1;
    return html`${words.map((word, row) => html`<text class="middle" x="${x}" y="${(first + row) * LINE}">${word}</text>`)}
      <text class="note middle" x="${x}" y="${(lines + 1) * LINE}"
        >${short(unitOf(unit), letters + 1)}</text
      >`;
  });
  const columns = features.map(({ name }) => {
    const values = segments.map(({ centroid }) => centroid[name] ?? 0);
    return { values, strengths: strengthsOf(values) };
  });
  const rows = segments.map(({ name }, row) => {
    const top = head + row * ROW;
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
    return html`<text class="end" x="${LABELS - 14}" y="${top + 23}">${short(name, 30)}</text>${cells}`;
  });
  return html`<svg
    viewBox="0 0 ${WIDTH} ${head + segments.length * ROW}"
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
