import type { ReportContent } from '../report.response.js';
import { brief, day, number, percent, unitOf } from './format.js';
import { heatMap } from './heat-map.js';
import { type Html, html } from './html.js';
import { scatter } from './scatter.js';
import { segmentCard } from './segment-card.js';
import { shareBars } from './share-bars.js';
import { silhouetteCurve } from './silhouette-curve.js';
import { STYLE_ELEMENT } from './style.js';

/** A finished report as one HTML document that needs nothing else: to be read, printed and sent on. */
export function reportPage(report: ReportContent): string {
  const { data, segments, features, finishedAt } = report;
  const shown = data.asOf ?? finishedAt;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Shopper segments${shown === null ? '' : `, ${day(shown)}`}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>Shopper segments</h1>
          <p class="soft">
            ${shown === null ? '' : `As of ${day(shown)}. `}Figures are those of the uploaded data alone.
          </p>
          ${facts(report)}
          <h2>How many they are, and what they bring</h2>
          <figure>
            <div class="scroll">${shareBars(segments)}</div>
            <figcaption>
              Upper bar: share of shoppers. Lower bar: share of revenue, where amounts are known.
            </figcaption>
          </figure>
          <h2>The segments</h2>
          <div class="cards">${segments.map((segment) => segmentCard(segment, features))}</div>
          <h2>Means by segment</h2>
          <figure>
            <div class="scroll">${heatMap(report)}</div>
            <figcaption>The darker, the higher among the segments.</figcaption>
          </figure>
          <h2>How clearly they are told apart</h2>
          <div class="pair">
            <figure>
              ${scatter(report.projection)}
              <figcaption>
                Shoppers in the plane of their two principal components; colours as above.
              </figcaption>
            </figure>
            <figure>
              ${silhouetteCurve(report)}
              <figcaption>
                Mean silhouette (−1…1, higher is clearer) for each number of segments; the filled one was
                taken.
              </figcaption>
            </figure>
          </div>
          ${scores(report)} ${making(report)}
        </main>
      </body>
    </html>`.text;
}

const fact = (name: string, value: string | null): Html | null =>
  value === null
    ? null
    : html`<div>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
const figure = (value: number | null | undefined): string | null =>
  value === null || value === undefined ? null : brief(value);

function facts({ data, k, quality }: ReportContent): Html {
  return html`<dl class="facts">
    ${fact('Shoppers', figure(data.shoppers))} ${fact('Revenue', figure(data.revenue))}
    ${fact('Rows used', figure(data.rows))} ${fact('Rows left out', figure(data.excludedRows))}
    ${fact('Segments', figure(k))}
    ${fact('Silhouette', quality === null ? null : quality.silhouette.toFixed(3))}
    ${fact('Stability', quality === null || quality.stability === null ? null : quality.stability.toFixed(2))}
  </dl>`;
}

function scores({ rfm }: ReportContent): Html | null {
  if (rfm === null) return null;
  const rows = rfm.groups.map(
    ({ group, size, share, revenueShare }) =>
      html`<tr>
        <td>${group}</td>
        <td class="number">${number(size)}</td>
        <td class="number">${percent(share)}</td>
        <td class="number">${revenueShare === null ? '' : percent(revenueShare)}</td>
      </tr>`,
  );
  return html`<h2>Groups by recency, frequency and money</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Group</th>
            <th class="number">Shoppers</th>
            <th class="number">Share</th>
            <th class="number">Revenue</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>`;
}

function making({ id, params, features, data }: ReportContent): Html {
  const { transform, scaling, seed, groupBy } = params;
  const how =
    groupBy === null
      ? `k-means over ${features.map(({ label }) => label).join(', ')}; transform ${transform}, scaling ${scaling}, seed ${seed}.`
      : `Groups given by the column ${groupBy}.`;
  return html`<h2>How it was made</h2>
    <p>${how}</p>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>Feature</th>
            <th>Unit</th>
            <th>Meaning</th>
          </tr>
        </thead>
        <tbody>
          ${features.map(
            ({ label, unit, definition }) =>
              html`<tr>
                <td>${label}</td>
                <td>${unitOf(unit)}</td>
                <td>${definition}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <p class="soft">Report <code>${id}</code></p>
    ${data.uploads.map(({ sha256 }) => html`<p class="soft">File <code>${sha256}</code></p>`)}`;
}
