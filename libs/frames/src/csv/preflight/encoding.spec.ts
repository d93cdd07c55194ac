import { Problem } from '@app/problems';
import { describe, expect, it } from 'vitest';
import { detectEncoding } from './encoding.js';
import { preflight } from './preflight.js';

const utf16 = (text: string, swap = false): Buffer => {
  const bytes = Buffer.from(text, 'utf16le');
  return swap ? bytes.swap16() : bytes;
};
/** Windows-1252 and ISO-8859-15 beyond Latin-1, as bytes. */
const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
const encodingOf = (content: Buffer, fallback = 'windows-1252'): string =>
  detectEncoding(content, true, fallback).encoding;

describe('the encoding of a text (I3)', () => {
  it.each([
    ['utf-16le', utf16('id,name\n1,Köln\n')],
    ['utf-16be', utf16('id,name\n1,Köln\n', true)],
    ['utf-16le', utf16('номер;имя\r\n1;Анна\r\n')],
    ['utf-16be', utf16('番号\t名前\n1\t太郎\n', true)],
    ['utf-8', Buffer.from('id\nKöln\n')],
    ['windows-1252', bytes('id\nKöln\n')],
    ['windows-1252', bytes('id\n5 \x80 \x96 7\n')],
    ['windows-1252', bytes('id\n5\xbd kg, \xbc l\n')],
    ['windows-1252', bytes('id\nO\xb4Neill\n')],
    ['iso-8859-15', bytes('id\n5 \xa4\n')],
    ['iso-8859-15', bytes('id\nc\xbdur, \xa6koda\n')],
  ])('is %s by its bytes', (encoding, content) => {
    expect(encodingOf(content)).toBe(encoding);
  });

  it('is what others are read as where ENCODING names no western one', () => {
    expect(encodingOf(bytes('id\n5 \xa4\n'), 'windows-1251')).toBe('windows-1251');
  });

  it('stays UTF-8 where more lines are than are not', () => {
    const content = Buffer.concat([Buffer.from('id\nKöln\nGöttingen\n'), bytes('M\xfcnster\n')]);
    expect(detectEncoding(content, true, 'windows-1252')).toMatchObject({
      encoding: 'utf-8',
      evidence: '2 lines beyond ASCII are UTF-8, 1 are damaged: those records are rejected.',
    });
  });

  it.each([
    ['a zero in a text', 'a,b\n1,\0\n'],
    ['zeros without lines', '\0a\0,\0b'],
    ['numbers in binary', Buffer.from([0, 0, 0, 10, 0, 0, 0, 44, 1, 2])],
  ])('is none in %s', (_, content) => {
    const refused = (): unknown =>
      preflight(Buffer.from(content as string), {
        complete: true,
        limits: { maxColumns: 9, maxHeaderLength: 9 },
      });
    expect(refused).toThrow(Problem);
    expect(refused).toThrow('binary data');
  });

  it('never gives U+FFFD for what can be decoded', () => {
    const texts = ['naïve,€ 5\n', 'Œuvre,Škoda\n'];
    const encode: Record<string, (text: string) => Buffer> = {
      'utf-8': (text) => Buffer.from(text),
      'utf-16le': (text) => utf16(text),
      'utf-16be': (text) => utf16(text, true),
      'windows-1252': (text) =>
        bytes(text.replaceAll('€', '\x80').replaceAll('Œ', '\x8c').replaceAll('Š', '\x8a')),
      'iso-8859-15': (text) =>
        bytes(text.replaceAll('€', '\xa4').replaceAll('Œ', '\xbc').replaceAll('Š', '\xa6')),
    };
    for (const [encoding, encoder] of Object.entries(encode)) {
      for (const text of texts) {
        const { dialect, preview } = preflight(encoder(`a,b\n${text}`), {
          complete: true,
          limits: { maxColumns: 9, maxHeaderLength: 9 },
        });
        expect([dialect.encoding, preview]).toEqual([encoding, [text.trim().split(',')]]);
      }
    }
  });
});
