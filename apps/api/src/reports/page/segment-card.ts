import { money } from '@app/shopping';
import type { ReportContent } from '../report.response.js';
import { measured, number, percent } from './format.js';
import { type Content, type Html, html } from '@app/html';
import { colourOf } from './style.js';

type Segment = ReportContent['segments'][number];

/** One segment in words: who they are, what to do, what sets them apart, what they buy. */
export function segmentCard(segment: Segment, report: ReportContent): Html {
  const { index, name, size, share, revenueShare, summary, action } = segment;
  const { currency } = report.data;
  return html`<section class="card ${colourOf(index)}">
    <h3>${name}</h3>
    <p class="figures">
      <b>${number(size)}</b> shoppers · <b>${percent(share)}</b>
      ${revenueShare === null ? null : html` · <b>${percent(revenueShare)}</b> of revenue`}
    </p>
    <p>${summary}</p>
    <p class="action"><b>What to do</b> ${action}</p>
    ${list(
      'What sets them apart',
      segment.distinguishing.map((difference) => apart(difference, report)),
    )}
    ${list(
      'Who they are',
      segment.categories.map(({ column, values }) => [
        `${column}: `,
        values
          .map(({ value, share, overall }) => `${value} ${percent(share)} (of all ${percent(overall)})`)
          .join(', '),
      ]),
    )}
    ${list(
      'What they buy',
      segment.topProducts.map(
        ({ product, revenue }) => `${product}, ${money(Math.round(revenue), currency)}`,
      ),
    )}
    ${segment.examples.length === 0 ? null : line('Typical shoppers', segment.examples.join(', '))}
    ${history(segment)}
  </section>`;
}

function apart(
  { feature, mean, others }: Segment['distinguishing'][number],
  { features, data }: ReportContent,
): string {
  const { label = feature, unit = '' } = features.find(({ name }) => name === feature) ?? {};
  return `${label}: ${measured(mean, unit, data.currency)}, the others ${measured(others, unit, data.currency)}`;
}

/** What became of an earlier segment. */
function history({ name, label, continues }: Segment): Html | null {
  if (continues === null) return null;
  const today = name === label ? '' : `By today's figures: ${label}. `;
  const same = `${percent(continues.similarity)} of the shoppers in either are in both.`;
  return line('Since the report before', `${today}Nearest to “${continues.label}” then: ${same}`);
}

const line = (title: string, text: string): Html =>
  html`<h4>${title}</h4>
    <p class="soft">${text}</p>`;

const list = (title: string, items: readonly Content[]): Html | null =>
  items.length === 0
    ? null
    : html`<h4>${title}</h4>
        <ul>
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`;
