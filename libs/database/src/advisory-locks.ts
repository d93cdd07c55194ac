/** Advisory locks of one database share one space of numbers (PostgreSQL manual, 13.3.5): all that there are, each its own. */
export const ADVISORY_LOCK = {
  migration: 7_362_514,
  firstAdministrator: 7_362_515,
  sweep: 7_362_516,
  auditSeal: 7_362_517,
  streamPlacing: 7_362_518,
} as const;
