import type { SegmentLabel, SegmentMeans } from './segment-means.js';

/** As many features as a name has room for. */
const MOST = 2;
/** Standard deviations from which a difference is worth a word, and a strong one. */
const NOTABLE = 0.3;
const STRONG = 1;

/**
 * Names from the features in which a segment is farthest from all others; more features where two segments would else
 * be called alike.
 */
export function differenceLabels(segments: readonly SegmentMeans['differences'][]): SegmentLabel[] {
  const names = [...new Set(segments.flatMap((own) => own.map(({ feature }) => feature)))];
  const spoken = spokenNames(names);
  const phrases = segments.map((own) =>
    own
      .filter(({ difference }) => Math.abs(difference) > NOTABLE)
      .map(({ feature, difference }) => `${level(difference)} ${spoken.get(feature) ?? feature}`),
  );
  const chosen = phrases.map((own) => told(own, MOST));
  for (let more = MOST + 1; more <= names.length; more += 1) {
    const before = [...chosen];
    phrases.forEach((own, segment) => {
      const label = told(own, more - 1);
      if (before.filter((other) => other === label).length > 1) chosen[segment] = told(own, more);
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

const level = (difference: number): string =>
  `${Math.abs(difference) > STRONG ? 'very ' : ''}${difference > 0 ? 'high' : 'low'}`;

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
