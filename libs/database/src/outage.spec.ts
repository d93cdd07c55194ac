import { QueryFailedError } from 'typeorm';
import { expect, test } from 'vitest';
import { isDatabaseOutage } from './outage.js';

const failure = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields);
const ofPostgres = (code: string): Error => failure('no', { code, severity: 'FATAL' });

test.each([
  failure('connect ECONNREFUSED 127.0.0.1:5432', { code: 'ECONNREFUSED' }),
  new AggregateError([failure('', { code: 'ECONNREFUSED' })]),
  failure('Connection terminated unexpectedly'),
  failure('timeout exceeded when trying to connect'),
  ofPostgres('57P01'),
  ofPostgres('57P03'),
  ofPostgres('57014'),
  ofPostgres('53300'),
  new QueryFailedError('SELECT 1', [], ofPostgres('57P02')),
])('%o is an outage', (error) => {
  expect(isDatabaseOutage(error)).toBe(true);
});

test.each([
  new Error('something else'),
  ofPostgres('23505'),
  ofPostgres('42P01'),
  new QueryFailedError('SELECT 1', [], ofPostgres('22P02')),
  'ECONNREFUSED',
])('%o is none', (error) => {
  expect(isDatabaseOutage(error)).toBe(false);
});
