/** Postgres: shutting down, starting, too many connections, a statement that took too long. */
const OUTAGE_STATES = /^(?:08...|57P0.|57014|53[123]00)$/;
const OUTAGE_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
/** What node-postgres says in words alone. */
const OUTAGE_MESSAGES =
  /^(?:Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Cannot use a pool after calling end)/;

/** Whether an error of TypeORM or node-postgres says that Postgres cannot be reached or has no place now: time mends it. */
export function isDatabaseOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, severity, driverError } = error as {
    code?: string;
    severity?: string;
    driverError?: unknown;
  };
  if (driverError !== undefined && driverError !== error) return isDatabaseOutage(driverError);
  if (error instanceof AggregateError) return error.errors.some((each) => isDatabaseOutage(each));
  if (severity !== undefined) return OUTAGE_STATES.test(code ?? '');
  return OUTAGE_CODES.includes(code ?? '') || OUTAGE_MESSAGES.test(error.message);
}
