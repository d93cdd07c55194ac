import type { ReportContent } from '../report.response.js';
import { number } from './format.js';
import { type Html, html } from '@app/html';
import { scatter } from './scatter.js';
import { silhouetteCurve } from './silhouette-curve.js';
import { colourOf } from './style.js';
import { clarity, steadiness } from './words.js';

/** How far the segments can be trusted: in words, as a picture, and for each number of segments. */
export function quality(report: ReportContent): Html {
  const { segments } = report;
  return html`<h2>How clearly they are told apart</h2>
    ${inWords(report)}
    <div class="pair">
      <figure>
        ${scatter(report.projection)}
        <ul class="legend">
          ${segments.map(({ index, name }) => html`<li class="${colourOf(index)}">${name}</li>`)}
        </ul>
        <figcaption>
          Each dot is a shopper; alike shoppers are close (plane of the two principal components).
        </figcaption>
      </figure>
      <figure>
        ${silhouetteCurve(report)}
        <figcaption>
          How clearly shoppers are told apart (mean silhouette, −1…1) by each number of segments; the filled
          one was taken.
        </figcaption>
      </figure>
    </div>`;
}

function inWords({ quality }: ReportContent): Html | null {
  if (quality === null) return null;
  const { silhouette, silhouetteSample, stability } = quality;
  const sampled = silhouetteSample === null ? '' : `, estimated from ${number(silhouetteSample)} shoppers`;
  return html`<p>
    ${clarity(silhouette)} <span class="soft">Silhouette ${silhouette.toFixed(2)}${sampled}.</span>
    ${
      stability === null
        ? null
        : html`${steadiness(stability)} <span class="soft">Stability ${stability.toFixed(2)}.</span>`
    }
  </p>`;
}
