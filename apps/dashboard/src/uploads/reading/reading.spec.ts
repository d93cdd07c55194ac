import { expect, it } from 'vitest';
import { AS_FOUND, readingBody, readingFields } from './reading.js';

it('says nothing of what is left to the file', () => {
  expect(readingFields(AS_FOUND)).toEqual({});
  expect(readingBody(AS_FOUND)).toEqual({});
});

it('says the same in a form and as JSON', () => {
  const reading = {
    ...AS_FOUND,
    roles: { shopperId: 'Kunde' },
    columns: { Betrag: { type: 'decimal' as const, decimal: '.' as const } },
    header: 'false' as const,
    decimal: ',' as const,
  };
  const mapping = { roles: { shopperId: 'Kunde' }, columns: { Betrag: { type: 'decimal', decimal: '.' } } };
  expect(readingFields(reading)).toEqual({
    header: 'false',
    decimal: ',',
    mapping: JSON.stringify(mapping),
  });
  expect(readingBody(reading)).toEqual({ header: false, decimal: ',', mapping });
});
