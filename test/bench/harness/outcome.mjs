/**
 * Prints what a bench found.
 * @param {object} outcome
 * @param {string} outcome.name
 * @param {string} outcome.unit             of `value`; `better` says which way
 * @param {'higher' | 'lower'} outcome.better
 * @param {{ value: number } & Record<string, unknown>} outcome.ours
 * @param {Record<string, { value: number } & Record<string, unknown>>} outcome.peers
 * @param {boolean} json                    prints {name, ratio, ours, peers, unit} as the last line
 */
export function printOutcome({ name, unit, better, ours, peers }, json) {
  const rows = [['DataCore', ours], ...Object.entries(peers)];
  for (const [who, { value, ...more }] of /** @type {[string, { value: number }][]} */ (rows)) {
    const details = Object.entries(more).map(([key, detail]) => `${key} ${JSON.stringify(detail)}`);
    console.error(`${who.padEnd(24)} ${String(round(value)).padStart(10)} ${unit}   ${details.join('  ')}`);
  }
  const values = Object.values(peers).map(({ value }) => value);
  const best = better === 'higher' ? Math.max(...values) : Math.min(...values);
  const ratio =
    values.length === 0 ? null : round(better === 'higher' ? ours.value / best : best / ours.value);
  console.error(`${name}: ${ratio === null ? 'nothing to compare with' : `${ratio} times the best peer`}`);
  if (json) console.log(JSON.stringify({ name, ratio, ours, peers, unit }));
}

/** To four figures. @param {number} value */
export function round(value) {
  return Number(value.toPrecision(4));
}
