import type { ReportResponse } from '../report.response.js';
import { number, percent, unitOf } from './format.js';
import { type Content, type Html, html } from './html.js';
import { colourOf } from './style.js';

type Segment = ReportResponse['segments'][number];
type Features = ReportResponse['features'];

/** One segment in words: who they are, what to do, what sets them apart, what they buy. */
export function segmentCard(segment: Segment, features: Features): Html {
  const { index, label, continues, summary, action, topProducts, categories, examples } = segment;
  const name = continues?.label ?? label;
  return html`<section class="card ${colourOf(index)}">
    <h3>${name}</h3>
    ${name === label ? null : html`<p class="soft">By today's figures: ${label}</p>`}
    <p>${summary}</p>
    <p><strong>What to do:</strong> ${action}</p>
    ${list(
      'What sets them apart',
      segment.distinguishing.map((difference) => apart(difference, features)),
    )}
    ${list(
      'Who they are',
      categories.map(({ column, values }) => [
        `${column}: `,
        values.map(({ value, share }) => `${value} ${percent(share)}`).join(', '),
      ]),
    )}
    ${list(
      'What they buy',
      topProducts.map(({ product, revenue }) => `${product} (${number(revenue)})`),
    )}
    ${
      examples.length === 0
        ? null
        : html`<h4>Typical shoppers</h4>
            <p class="soft">${examples.join(', ')}</p>`
    }
  </section>`;
}

function apart(
  { feature, direction, mean, others }: Segment['distinguishing'][number],
  features: Features,
): string {
  const { label = feature, unit = '' } = features.find(({ name }) => name === feature) ?? {};
  return `${label} ${direction}: ${number(mean)} against ${number(others)} ${unitOf(unit)}`.trim();
}

const list = (title: string, items: readonly Content[]): Html | null =>
  items.length === 0
    ? null
    : html`<h4>${title}</h4>
        <ul>
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`;
