import type { ReportResponse } from '../report.response.js';
import { at } from './format.js';
import { type Html, html } from '@app/html';
import { colourOf } from './style.js';

const WIDTH = 440;
const HEIGHT = 340;
const MARGIN = 10;

/** Shoppers in the plane that shows most of their differences, coloured by segment. */
export function scatter(points: ReportResponse['projection']): Html {
  const place = (axis: 'x' | 'y', length: number): ((value: number) => number) => {
    const values = points.map((point) => point[axis]);
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const range = values.reduce((a, b) => Math.max(a, b), -Infinity) - low;
    return (value) => MARGIN + (range > 0 ? (value - low) / range : 0.5) * (length - 2 * MARGIN);
  };
  const x = place('x', WIDTH);
  const y = place('y', HEIGHT);
  const dots = points.map(
    (point) =>
      html`<circle
        class="point ${colourOf(point.segment)}"
        cx="${at(x(point.x))}"
        cy="${at(HEIGHT - y(point.y))}"
        r="2.4"
      />`,
  );
  return html`<svg
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="Shoppers in a plane, coloured by segment"
  >
    ${dots}
  </svg>`;
}
