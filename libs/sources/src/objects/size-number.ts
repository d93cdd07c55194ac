/** Postgres sends bigint as text; no file has more bytes than a number holds exactly. */
export const sizeNumber = {
  to: (value: number | null): number | null => value,
  from: (value: string | null): number | null => (value === null ? null : Number(value)),
};
