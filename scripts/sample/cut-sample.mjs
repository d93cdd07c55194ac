/**
 * node scripts/sample/cut-sample.mjs <online_retail.csv> <sample.csv>
 *
 * Cuts the bundled sample out of UCI's "Online Retail": every row of the shoppers whose number is divisible by 15, and
 * every 15th of the rows that name no shopper, in their order and byte for byte. What a shopper has bought stays whole,
 * so recency, frequency and money mean in the sample what they mean in the full data.
 */
import fs from 'node:fs';
import '../node-version.mjs';

const ONE_IN = 15;
// No record of this file spans two lines, and its last two columns are never quoted.
const SHOPPER = /,(\d*),[^,]*$/;

const [source, target] = process.argv.slice(2);
if (source === undefined || target === undefined) {
  console.error('usage: node scripts/sample/cut-sample.mjs <online_retail.csv> <sample.csv>');
  process.exit(1);
}

const [header, ...records] = fs.readFileSync(source, 'latin1').trimEnd().split('\n');
let withoutShopper = 0;
const kept = records.filter((record) => {
  const shopper = SHOPPER.exec(record)?.[1];
  if (shopper === undefined) throw new Error(`not a row of Online Retail: ${record}`);
  if (shopper !== '') return Number(shopper) % ONE_IN === 0;
  withoutShopper += 1;
  return withoutShopper % ONE_IN === 0;
});
// Latin-1 in and out keeps every byte, whatever the encoding.
fs.writeFileSync(target, `${[header, ...kept].join('\n')}\n`, 'latin1');
console.log(`${kept.length} of ${records.length} rows`);
