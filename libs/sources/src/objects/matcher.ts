import { invalidParameter } from '@app/problems';

const MAX_LENGTH = 200;
const MAX_ALTERNATIVES = 64;

/**
 * Whether a key fits a pattern: `*` is any text and `?` any character within a name, `**` any folders or none,
 * `{csv,zip}` one of those. Time grows with the key's length times the pattern's, whatever they hold, which no translation
 * into a regular expression has.
 * @throws Problem invalid_parameter for a pattern that makes no sense
 */
export function matcherOf(pattern: string): (key: string) => boolean {
  if (pattern.length > MAX_LENGTH) throw invalidParameter('pattern', `at most ${MAX_LENGTH} characters`);
  const alternatives = expanded(pattern).map((alternative) => alternative.split('/'));
  return (key) => {
    const names = key.split('/');
    return alternatives.some((parts) => fitsPath(parts, names));
  };
}

/** Every text that braces stand for. */
function expanded(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  for (let text = open.pop(); text !== undefined; text = open.pop()) {
    const braces = /\{([^{}]*)\}/.exec(text);
    if (braces === null) done.push(text);
    else
      open.push(
        ...(braces[1] ?? '').split(',').map((choice) => text?.replace(braces[0], () => choice) ?? ''),
      );
    if (open.length + done.length > MAX_ALTERNATIVES) {
      throw invalidParameter('pattern', `at most ${MAX_ALTERNATIVES} alternatives`);
    }
  }
  return done;
}

const fitsPath = (parts: readonly string[], names: readonly string[]): boolean =>
  fits(parts, names, '**', (part, name) => fits(Array.from(part), Array.from(name), '*', fitsCharacter));

const fitsCharacter = (part: string, character: string): boolean => part === '?' || part === character;

/** Greedy with one step back: only the last wild part can still have to take more. */
function fits(
  parts: readonly string[],
  items: readonly string[],
  wild: string,
  fitsOne: (part: string, item: string) => boolean,
): boolean {
  let [part, item, lastWild, resume] = [0, 0, -1, 0];
  while (item < items.length) {
    const wanted = parts[part];
    if (wanted === wild) {
      [lastWild, resume] = [part, item];
      part += 1;
    } else if (wanted !== undefined && fitsOne(wanted, items[item] ?? '')) {
      part += 1;
      item += 1;
    } else if (lastWild >= 0) {
      resume += 1;
      [part, item] = [lastWild + 1, resume];
    } else {
      return false;
    }
  }
  return parts.slice(part).every((rest) => rest === wild);
}
