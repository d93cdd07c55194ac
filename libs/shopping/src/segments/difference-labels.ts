import type { Centroid, SegmentLabel } from './segment-means.js';

/** As many features as a name has room for. */
const MOST = 2;

/**
 * Names from the features in which a segment's centroid stands out most from the others, in standard deviations; more
 * features where two segments would else be called alike.
 */
export function differenceLabels(centroids: readonly Centroid[]): SegmentLabel[] {
  const names = Object.keys(centroids[0] ?? {});
  const spoken = spokenNames(names);
  const scores = names.map((name) => standardised(centroids.map((centroid) => centroid[name] ?? 0)));
  const phrases = centroids.map((_, segment) =>
    names
      .map((name, index) => ({ name: spoken.get(name) ?? name, score: scores[index]?.[segment] ?? 0 }))
      .sort((a, b) => Math.abs(b.score) - Math.abs(a.score))
      .flatMap(({ name, score }) => {
        const word = level(score);
        return word === null ? [] : [`${word} ${name}`];
      }),
  );
  const chosen = phrases.map((own) => told(own, MOST));
  for (let more = MOST + 1; more <= names.length; more += 1) {
    phrases.forEach((own, segment) => {
      const label = told(own, more - 1);
      const alike = chosen.filter((other) => other === label).length > 1;
      if (alike && chosen[segment] === label) chosen[segment] = told(own, more);
    });
  }
  return chosen.map((label, segment) => ({
    label: label.charAt(0).toUpperCase() + label.slice(1),
    action: actionFor((phrases[segment] ?? []).slice(0, MOST)),
  }));
}

const told = (phrases: readonly string[], count: number): string =>
  phrases.length === 0 ? 'average shoppers' : phrases.slice(0, count).join(', ');

const actionFor = (phrases: readonly string[]): string =>
  phrases.length === 0
    ? 'Treat them as your typical shoppers: what works for most works for them.'
    : `Speak to what sets them apart, ${phrases.join(' and ')}; try the offer on a few of them first.`;

function level(score: number): string | null {
  const size = Math.abs(score);
  if (size <= 0.3) return null;
  return `${size > 1 ? 'very ' : ''}${score > 0 ? 'high' : 'low'}`;
}

/** Headers as people say them, without underscores and a unit in brackets; as they are where that makes two alike. */
function spokenNames(names: readonly string[]): Map<string, string> {
  const plain = names.map((name) =>
    name
      .replace(/\s*[([][^)\]]*[)\]]\s*$/u, '')
      .replaceAll(/_+/g, ' ')
      .trim(),
  );
  return new Map(
    names.map((name, index) => {
      const spoken = plain[index] ?? '';
      const isClear = spoken !== '' && plain.filter((other) => other === spoken).length === 1;
      return [name, isClear ? spoken : name];
    }),
  );
}

function standardised(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (spread > 0 ? (value - mean) / spread : 0));
}
