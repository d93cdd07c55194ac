import { BOOLEAN_PATTERN, DATE_FAMILIES, familyPattern, NUMBER_CLASSES, padded } from './value-classes.js';

/** Patterns by key; a key names a class everywhere in this folder. */
export const CLASS_PATTERNS: ReadonlyMap<string, string> = new Map([
  ...NUMBER_CLASSES.map(({ kind, decimal, pattern }) => [`${kind}${decimal}`, padded(pattern)] as const),
  ['boolean', padded(BOOLEAN_PATTERN)] as const,
  ...DATE_FAMILIES.map((family) => [family.name, padded(familyPattern(family))] as const),
]);

export const NUMERIC_KEYS = ['number.', 'number,'];
export const TEMPORAL_KEYS = DATE_FAMILIES.map(({ name }) => name);
export const OBSERVED_KEYS = [...NUMERIC_KEYS, 'boolean', ...TEMPORAL_KEYS];

// JavaScript has no inline flags; ignoring case everywhere lets a sample through, never keeps one out.
export const SAMPLE_PATTERNS: ReadonlyMap<string, RegExp> = new Map(
  OBSERVED_KEYS.map((key) => [
    key,
    new RegExp(`^(?:${(CLASS_PATTERNS.get(key) ?? '').replaceAll('(?i:', '(?:')})$`, 'i'),
  ]),
);

/** A text this long is neither a number nor a date. */
const LONGEST_VALUE = 64;
const IDENTIFIER = /^[ \t]*[-+]?[0-9]+[ \t]*$/;

/** What a single text looks like; digits with leading zeros count as numbers here. */
export function kindOfText(text: string): 'number' | 'date' | 'text' {
  if (text.length > LONGEST_VALUE) return 'text';
  const fits = (key: string): boolean => SAMPLE_PATTERNS.get(key)?.test(text) === true;
  if (IDENTIFIER.test(text) || NUMERIC_KEYS.some(fits)) return 'number';
  return TEMPORAL_KEYS.some(fits) ? 'date' : 'text';
}
