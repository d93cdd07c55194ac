import type { DuckDBConnection } from '@duckdb/node-api';

/**
 * Asks several things on a few connections, each of which takes the next one as soon as it is free.
 * @returns the answers, in the order of what was asked
 * @throws what the first one threw that failed, once nothing runs any more
 */
export async function inLanes<Question, Answer>(
  connections: readonly DuckDBConnection[],
  questions: readonly Question[],
  ask: (connection: DuckDBConnection, question: Question) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const lane = async (connection: DuckDBConnection): Promise<void> => {
    while (next < questions.length) {
      const at = next++;
      answers[at] = await ask(connection, questions[at] as Question);
    }
  };
  const lanes = await Promise.allSettled(
    connections.map((connection) =>
      lane(connection).catch((error: unknown) => {
        next = questions.length;
        throw error;
      }),
    ),
  );
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
  return answers;
}
