import { invalidParameter } from '@app/problems';
import { COMMON_PASSWORDS } from './common-passwords.js';

export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 128;
const MIN_DISTINCT_CHARACTERS = 3;

// Keys and letters in the order people run their fingers over them.
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'azertyuiop',
].flatMap((run) => [run, Array.from(run).toReversed().join('')]);

/** The user's own words, which must not be the password. */
export interface PasswordOwner {
  email: string;
  name: string;
}

/**
 * Length, and nothing that is tried first by whoever guesses. No rule about kinds of characters (ASVS 5.0, 6.2.5).
 * @throws Problem invalid_parameter for the field
 */
export function requireGoodPassword(password: string, owner: PasswordOwner, field = 'password'): void {
  const fault = passwordFault(password, owner);
  if (fault !== undefined) throw invalidParameter(field, fault);
}

/** What is wrong with it, or undefined. */
export function passwordFault(password: string, owner: PasswordOwner): string | undefined {
  const characters = Array.from(password.normalize('NFKC'));
  if (characters.length < MIN_PASSWORD_LENGTH) return `at least ${MIN_PASSWORD_LENGTH} characters`;
  if (characters.length > MAX_PASSWORD_LENGTH) return `at most ${MAX_PASSWORD_LENGTH} characters`;
  const lower = characters.join('').toLowerCase();
  if (isCommon(lower)) return 'one of the passwords that are guessed first, choose another';
  const [mailbox = ''] = owner.email.toLowerCase().split('@');
  if ([owner.email, mailbox, owner.name].some((word) => word.trim().toLowerCase() === lower.trim())) {
    return 'must not be the name or e-mail address';
  }
  return undefined;
}

function isCommon(lower: string): boolean {
  return (
    COMMON_PASSWORDS.has(lower) ||
    new Set(lower).size < MIN_DISTINCT_CHARACTERS ||
    RUNS.some((run) => run.includes(lower)) ||
    isRepetition(lower)
  );
}

/** `abcabcabc`: a short piece over and over. */
const isRepetition = (text: string): boolean =>
  [1, 2, 3, 4].some(
    (size) => text.length % size === 0 && text === text.slice(0, size).repeat(text.length / size),
  );
