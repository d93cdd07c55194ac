import type { ReportResponse } from '../report.response.js';
import { at, percent, short } from './format.js';
import { type Html, html } from '@app/html';
import { colourOf } from './style.js';

const WIDTH = 900;
const LABELS = 240;
const BARS = WIDTH - LABELS - 70;
const ROW = 46;
const BAR = 14;

const bar = (y: number, share: number, index: number, kind: string): Html =>
  html` <rect class="track" x="${LABELS}" y="${y}" width="${BARS}" height="${BAR}" rx="3" />
    <rect
      class="${colourOf(index)} ${kind}"
      x="${LABELS}"
      y="${y}"
      width="${at(Math.max(1, share * BARS))}"
      height="${BAR}"
      rx="3"
    />
    <text class="note" x="${LABELS + BARS + 8}" y="${y + 11}">${percent(share)}</text>`;

/** Share of shoppers and, below it, of revenue, a pair of bars a segment. */
export function shareBars(segments: ReportResponse['segments']): Html {
  const rows = segments.map(({ index, name, share, revenueShare }, row) => {
    const top = row * ROW;
    return html`<text class="end" x="${LABELS - 14}" y="${top + 23}">${short(name, 30)}</text>
      ${bar(top + 4, share, index, '')}
      ${revenueShare === null ? null : bar(top + 4 + BAR + 3, revenueShare, index, 'faded')}`;
  });
  return html`<svg
    viewBox="0 0 ${WIDTH} ${segments.length * ROW}"
    role="img"
    aria-label="Share of shoppers and of revenue of each segment"
  >
    ${rows}
  </svg>`;
}
