import { createHash } from 'node:crypto';
import { Html } from '@app/html';

/** Colours of segments; more segments begin again. */
export const COLOURS = 10;

const LIGHT = [
  '2563eb',
  'd97706',
  '059669',
  'dc2626',
  '7c3aed',
  '0891b2',
  'be185d',
  '65a30d',
  '475569',
  'a16207',
];
const DARK = [
  '60a5fa',
  'fbbf24',
  '34d399',
  'f87171',
  'a78bfa',
  '22d3ee',
  'f472b6',
  'a3e635',
  '94a3b8',
  'eab308',
];

const variables = (colours: readonly string[]): string =>
  colours.map((colour, index) => `--s${index}:#${colour};`).join('');
const classes = LIGHT.map((_, index) => `.s${index}{fill:var(--s${index});--own:var(--s${index})}`).join('');

const light = `color-scheme:light;--page:#fff;--card:#f8fafc;--text:#0f172a;--soft:#526077;--line:#dbe2ea;--heat:#2563eb;${variables(LIGHT)}`;
const dark = `color-scheme:dark;--page:#0b1120;--card:#141c2f;--text:#e6ebf3;--soft:#9fb0c7;--line:#2b3850;--heat:#3b82f6;${variables(DARK)}`;

const STYLE = `:root{${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
@media print{:root{${light}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:960px;margin:0 auto;padding:32px 20px 48px}
h1{font-size:32px;line-height:1.15;letter-spacing:-.02em;margin:2px 0 4px}
.place{color:var(--heat);font-weight:600;margin:0}
.headline{font-size:20px;line-height:1.35;margin:18px 0 0;padding:14px 18px;border-radius:12px;background:var(--card);border:1px solid var(--line)}
h2{font-size:20px;letter-spacing:-.01em;margin:40px 0 12px}
h3{font-size:18px;margin:0}
p{margin:4px 0}
.soft{color:var(--soft)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:20px 0 0;padding:0}
.facts div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px}
.facts dt{color:var(--soft);font-size:13px}
.facts dd{margin:0;font-size:22px;font-weight:600;font-variant-numeric:tabular-nums}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:14px}
.card{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--own);border-radius:10px;padding:14px 16px;overflow-wrap:anywhere}
.card p{margin:8px 0 0}
.card .figures{margin:2px 0 0;color:var(--soft)}
.card .figures b{color:var(--text);font-variant-numeric:tabular-nums}
.card .action{border-radius:8px;background:var(--page);border:1px solid var(--line);padding:8px 12px}
.card ul{margin:6px 0 0;padding-left:18px}
.card h4{font-size:12px;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);margin:12px 0 0}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:14px}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 16px}
figcaption{color:var(--soft);font-size:13px;margin-top:6px}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 14px;margin:8px 0 0;padding:0;font-size:13px}
.legend li::before{content:'';display:inline-block;width:10px;height:10px;border-radius:50%;background:var(--own);margin-right:6px}
footer{margin-top:28px;border-top:1px solid var(--line);padding-top:10px;font-size:13px}
svg{display:block;width:100%;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
svg text{fill:var(--text)}
svg .note{fill:var(--soft);font-size:12px}
svg .end{text-anchor:end}
svg .middle{text-anchor:middle}
svg .track{fill:var(--line);opacity:.55}
svg .faded{opacity:.5}
svg .grid{stroke:var(--line)}
svg .heat{fill:var(--heat)}
svg .curve{fill:none;stroke:var(--s0);stroke-width:2}
svg .dot{fill:var(--page);stroke:var(--s0);stroke-width:2}
svg .chosen{fill:var(--s0);stroke:var(--s0)}
svg .point{opacity:.62}
${classes}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;font-size:13px}
td.number,th.number{text-align:right}
.scroll{overflow-x:auto}
.scroll svg{min-width:640px}
code{font:12px ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
@page{margin:14mm}
@media print{.scroll svg{min-width:0}main{max-width:none;padding:0}body{font-size:11pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}.card,figure,tr{break-inside:avoid}h2{break-after:avoid}.cards,.pair{grid-template-columns:1fr 1fr}}`;

/** To the letter what the policy names by its hash. */
export const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

const hash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but this one style sheet: no script, no image, no address. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The class that colours what belongs to a segment. */
export const colourOf = (segment: number): string => `s${segment % COLOURS}`;
