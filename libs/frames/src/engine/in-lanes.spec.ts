import { DuckDBInstance } from '@duckdb/node-api';
import { expect, it } from 'vitest';
import { inLanes } from './in-lanes.js';

const instance = await DuckDBInstance.create(':memory:');
const connections = [await instance.connect(), await instance.connect()];

const squareOf = async (connection: (typeof connections)[number], number: number): Promise<number> => {
  const reader = await connection.runAndReadAll(`SELECT (${number} * ${number})::INTEGER`);
  return Number(reader.getRows()[0]?.[0]);
};

it('answers in the order of the questions, each asked once, two at a time', async () => {
  let most = 0;
  let running = 0;
  const answers = await inLanes(connections, [3, 1, 4, 1, 5], async (connection, number) => {
    most = Math.max(most, (running += 1));
    const square = await squareOf(connection, number);
    running -= 1;
    return square;
  });
  expect(answers).toEqual([9, 1, 16, 1, 25]);
  expect(most).toBe(2);
});

it('asks nothing more after a failure, and fails when nothing runs any more', async () => {
  const asked: number[] = [];
  let finished = false;
  const work = inLanes(connections, [0, 1, 2, 3], async (connection, number) => {
    asked.push(number);
    if (number === 0) throw new Error('refused');
    await squareOf(connection, number);
    finished = true;
    return number;
  });
  await expect(work).rejects.toThrow('refused');
  expect(asked).toEqual([0, 1]);
  expect(finished).toBe(true);
});
