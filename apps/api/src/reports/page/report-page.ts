import { heatMap } from './heat-map.js';
import { html } from '@app/html';
import { making, scores } from './making.js';
import { overview } from './overview.js';
import { quality } from './quality.js';
import type { ReportSubject } from './report-subject.js';
import { segmentCard } from './segment-card.js';
import { shareBars } from './share-bars.js';
import { STYLE_ELEMENT } from './style.js';

/** A finished report as one HTML document that needs nothing else: to be read, printed and sent on. */
export function reportPage(subject: ReportSubject): string {
  const { report, customer } = subject;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Shopper segments · ${customer}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          ${overview(subject)}
          <h2>How many they are, and what they bring</h2>
          <figure>
            <div class="scroll">${shareBars(report.segments)}</div>
            <figcaption>
              Full colour: share of shoppers. Pale: share of revenue, where amounts are known.
            </figcaption>
          </figure>
          <h2>The segments, and what to do</h2>
          <div class="cards">${report.segments.map((segment) => segmentCard(segment, report))}</div>
          <h2>Means by segment</h2>
          <figure>
            <div class="scroll">${heatMap(report)}</div>
            <figcaption>The stronger the colour, the higher among the segments.</figcaption>
          </figure>
          ${quality(report)} ${scores(report)} ${making(report)}
        </main>
      </body>
    </html>`.text;
}
