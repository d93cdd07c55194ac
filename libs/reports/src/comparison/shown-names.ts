import type { ReportEntity } from '../report.entity.js';

/** More than half of the shoppers in either segment are in both: only one earlier segment can be so near. */
const SAME_PEOPLE = 0.5;

/**
 * The names people are shown, never two alike: that by which they know a segment from earlier reports, where it is made
 * of the same people for the greater part, else its label.
 */
export function shownNames({
  outcome,
  continues,
  params,
}: Pick<ReportEntity, 'outcome' | 'continues' | 'params'>): string[] {
  const labels = outcome?.segments.map(({ label }) => label) ?? [];
  // Groups that were given have the names that were given.
  if (params.groupBy !== null) return labels;
  const carried = labels.map((_, index) => {
    const earlier = continues?.[index] ?? null;
    return earlier !== null && earlier.similarity > SAME_PEOPLE ? earlier.name : null;
  });
  const taken = new Set(carried.filter((name) => name !== null));
  return labels.map((label, index) => {
    const known = carried[index] ?? null;
    if (known !== null) return known;
    let name = label;
    for (let time = 1; taken.has(name); time += 1) name = `${label} (new${time === 1 ? '' : ` ${time}`})`;
    taken.add(name);
    return name;
  });
}
