/**
 * Prints how each step went and, as the last line, the sum of all.
 * @param {import('./test-run.mjs').Outcome[]} outcomes
 * @returns {boolean} whether nothing failed
 */
export function printSummary(outcomes) {
  console.log('\n── summary ───────────────────────────────────────────────────────────────');
  for (const outcome of outcomes) {
    const { name, seconds, failures } = outcome;
    console.log(`  ${name.padEnd(12)} ${counts(outcome).padEnd(36)} ${seconds.toFixed(1).padStart(6)} s`);
    for (const failure of failures) console.log(`    ✗ ${failure}`);
  }
  const sum = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const total = { passed: sum('passed'), failed: sum('failed'), skipped: sum('skipped') };
  if (total.skipped > 0) console.log(`\n${total.skipped} skipped`);
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0;
}

/** @param {{ passed: number, failed: number, skipped: number }} outcome */
function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
