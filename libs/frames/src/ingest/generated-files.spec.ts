import { assert, asyncProperty } from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generatedFiles } from '../fixtures/generated-file.js';
import { TextReader } from '../fixtures/text-reader.js';

/** `npm run test:formats -- --full` asks for 10,000. */
const RUNS = Number(process.env['FORMAT_FILES'] ?? 500);
const SEED = Number(process.env['FORMAT_SEED'] ?? 1);

let reader: TextReader;
beforeAll(async () => {
  reader = await TextReader.create();
});
afterAll(() => reader.close());

describe(`${RUNS} generated files (seed ${SEED})`, () => {
  it(
    'give what they were made from: accepted + rejected = records (I6)',
    async () => {
      await assert(
        asyncProperty(
          generatedFiles(),
          async ({ bytes, overrides, headers, records, blankLines, hasData }) => {
            const accepted = records.filter((cells) => cells !== null);
            const read = await reader.read(bytes, overrides).catch((error: unknown) => error);
            const meant =
              hasData && accepted.length > 0
                ? {
                    headers,
                    records: records.length,
                    rejected: records.length - accepted.length,
                    blankLines,
                    rows: accepted.map((cells) => cells.map((cell) => (cell === '' ? null : cell))),
                  }
                : { status: 422 };
            expect(read).toMatchObject(meant);
          },
        ),
        { numRuns: RUNS, seed: SEED },
      );
    },
    60_000 + RUNS * 200,
  );
});
