import { describe, expect, it } from 'vitest';
import { passwordFault, requireGoodPassword } from './password-policy.js';

const OWNER = { email: 'ada.lovelace@example.com', name: 'Ada Lovelace' };

describe('S9: passwordFault', () => {
  it.each([
    'tea kettle',
    'Xk3!pq7z',
    '密码很长的一句话啊',
    ' leading and trailing ',
    'x7'.padEnd(128, 'abcdefg1'),
  ])('takes %j', (password) => expect(passwordFault(password, OWNER)).toBeUndefined());

  it.each([
    ['seven c', 'at least 8'],
    ['😀😀😀1234', 'at least 8'],
    ['x7'.padEnd(129, 'abcdefg1'), 'at most 128'],
    ['password', 'guessed first'],
    ['PassWord123', 'guessed first'],
    ['jennifer', 'guessed first'],
    ['Manchester', 'guessed first'],
    ['datacore123', 'guessed first'],
    ['12345678', 'guessed first'],
    ['87654321', 'guessed first'],
    ['cdefghij', 'guessed first'],
    ['qwertyuio', 'guessed first'],
    ['aaaaaaaaaaaa', 'guessed first'],
    ['ababababab', 'guessed first'],
    ['xyz1xyz1xyz1', 'guessed first'],
    ['ada.lovelace', 'name or e-mail'],
    ['Ada.Lovelace@Example.com', 'name or e-mail'],
    ['ada lovelace', 'name or e-mail'],
  ])('refuses %j', (password, reason) => expect(passwordFault(password, OWNER)).toContain(reason));

  it('names the field', () => {
    expect(() => requireGoodPassword('short', OWNER, 'newPassword')).toThrow(
      expect.objectContaining({
        code: 'invalid_parameter',
        fields: { newPassword: ['at least 8 characters'] },
      }),
    );
  });
});
