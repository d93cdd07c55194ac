import { money } from '@app/shopping';
import { day, number, percent } from './format.js';
import { type Html, html } from '@app/html';
import type { ReportSubject } from './report-subject.js';

/** Whose report it is, the one thing to know, and the figures of the whole. */
export function overview(subject: ReportSubject): Html {
  const { report, customer, stores } = subject;
  const { data, k, finishedAt } = report;
  const shown = data.asOf ?? finishedAt;
  const place = stores.length === 0 ? customer : `${customer} · ${stores.join(', ')}`;
  const each = data.revenue === null || !data.shoppers ? null : data.revenue / data.shoppers;
  return html`<header>
      <p class="place">${place}</p>
      <h1>Shopper segments</h1>
      <p class="soft">
        ${shown === null ? '' : `As of ${day(shown)}. `}Figures are those of the uploaded data alone.
      </p>
      ${headline(subject)}
    </header>
    <dl class="facts">
      ${fact('Shoppers', data.shoppers, number)}
      ${fact('Revenue', data.revenue, (value) => money(Math.round(value), data.currency))}
      ${fact('Revenue a shopper', each, (value) => money(value, data.currency))}
      ${fact('Segments', k, number)}
    </dl>`;
}

/** Of the segment that brings most; of the largest where no amounts are known. */
function headline({ report: { segments } }: ReportSubject): Html | null {
  const [best] = segments;
  if (best === undefined) return null;
  const { name, share, revenueShare } = best;
  return html`<p class="headline">
    ${
      revenueShare === null
        ? html`The largest segment, <b>${name}</b>, is ${percent(share)} of all shoppers.`
        : html`<b>${name}</b>: ${percent(share)} of all shoppers bring ${percent(revenueShare)} of the
            revenue.`
    }
  </p>`;
}

const fact = (name: string, value: number | null, shown: (value: number) => string): Html | null =>
  value === null
    ? null
    : html`<div>
        <dt>${name}</dt>
        <dd>${shown(value)}</dd>
      </div>`;
