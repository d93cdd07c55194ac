import type { ReportResponse } from '../report.response.js';
import { at } from './format.js';
import { type Html, html } from '@app/html';

const WIDTH = 440;
const HEIGHT = 340;
const LEFT = 44;
const BOTTOM = 40;
const TOP = 26;
const TICKS = 4;

/** How clearly shoppers are told apart for each number of segments; the one taken is filled. */
export function silhouetteCurve({ selection, k }: Pick<ReportResponse, 'selection' | 'k'>): Html {
  const values = selection.map(({ silhouette }) => silhouette);
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + 0.1) * 1.1;
  const ks = selection.map((score) => score.k);
  const [first, last] = [Math.min(...ks), Math.max(...ks)];
  const x = (value: number): number =>
    LEFT + 16 + (last > first ? (value - first) / (last - first) : 0.5) * (WIDTH - LEFT - 36);
  const y = (value: number): number => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const ticks = Array.from({ length: TICKS + 1 }, (_, index) => low + ((high - low) * index) / TICKS);
  const line = selection.map((score) => `${at(x(score.k))},${at(y(score.silhouette))}`).join(' ');
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="Silhouette by number of segments; ${k ?? 0} were made"
  >
    ${ticks.map(
      (tick) =>
        html`<line class="grid" x1="${LEFT}" x2="${WIDTH - 8}" y1="${at(y(tick))}" y2="${at(y(tick))}" />
          <text class="note end" x="${LEFT - 8}" y="${at(y(tick) + 4)}">${tick.toFixed(2)}</text>`,
    )}
    <polyline class="curve" points="${line}" />
    ${selection.map((score) => {
      const chosen = score.k === k;
      return html`<circle
          class="dot ${chosen ? 'chosen' : ''}"
          cx="${at(x(score.k))}"
          cy="${at(y(score.silhouette))}"
          r="${chosen ? 6 : 4}"
        />
        <text class="note middle" x="${at(x(score.k))}" y="${HEIGHT - 20}">${score.k}</text>
        ${chosen ? html`<text class="${score.k === last ? 'end' : ''}" x="${at(x(score.k) + 4)}" y="${at(y(score.silhouette) - 10)}">${score.silhouette.toFixed(3)}</text>` : null}`;
    })}
    <text class="note middle" x="${(WIDTH + LEFT) / 2}" y="${HEIGHT - 4}">number of segments</text>
  </svg>`;
}
