import type { ReportContent } from '../report.response.js';
import { day, number, percent, unitOf } from './format.js';
import { type Html, html } from '@app/html';

const points = (cuts: readonly number[]): string => cuts.map(number).join(', ') || 'none';

/** Groups by scores, where they were asked for. */
export function scores({ rfm }: ReportContent): Html | null {
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
  const { r, f, m } = rfm.cuts;
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
    </div>
    <p class="soft">
      A score changes above each of these values. Recency: ${points(r)} days. Frequency: ${points(f)} orders.
      Money: ${points(m)}.
    </p>`;
}

/** What somebody needs who wants to make the same again. */
export function making({ id, params, features, data, finishedAt }: ReportContent): Html {
  const { transform, scaling, seed, groupBy } = params;
  const how =
    groupBy === null
      ? `k-means over ${features.map(({ label }) => label).join(', ')}; transform ${transform}, scaling ${scaling}, seed ${seed}.`
      : `Groups given by the column ${groupBy}.`;
  return html`<h2>How it was made</h2>
    <p>${how}</p>
    ${
      data.rows === null || data.excludedRows === null
        ? null
        : html`<p>
            ${number(data.rows)} rows were used, ${number(data.excludedRows)} left out: without shopper or
            time, cancelled, returned or incomplete.
          </p>`
    }
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
    <footer class="soft">
      <p>
        DataCore report <code>${id}</code>${finishedAt === null ? '' : `, made on ${day(finishedAt)}`}, of
        ${number(data.uploads.length)} ${data.uploads.length === 1 ? 'file' : 'files'} (SHA-256):
      </p>
      ${data.uploads.map(({ sha256 }) => html`<p><code>${sha256}</code></p>`)}
    </footer>`;
}
