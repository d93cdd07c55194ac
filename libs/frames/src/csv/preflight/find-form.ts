import { kindOfText } from '../../types/sample-patterns.js';
import { type CellForm, DELIMITERS, PLAIN_QUOTING, SPACE } from '../dialect.js';
import { preambleRecords } from './find-header.js';
import { type Sample, sampledCells, sampleRecords } from './sample-records.js';

/** How the cells of a text are kept apart, and why. */
export interface FormFound {
  sample: Sample;
  /** Cells of the table's records. */
  width: number;
  delimiterEvidence: string;
  quoteEvidence: string;
}

interface Candidate {
  sample: Sample;
  /** Of the first record; of most records where lines stand before the table. */
  width: number;
  /** Share of the records that have this width and quotes that can be read; 0 where nothing is split. */
  agreement: number;
  /** The same share, also of one column. */
  evenness: number;
}

type Quoting = Pick<CellForm, 'quote' | 'escape'>;

/** Below this a look is taken whether the table begins further down, or is one of spaces. */
const DOUBTFUL = 0.5;
/** Nearly all records have to agree before spaces are taken for delimiters. */
const SPACE_AGREEMENT = 0.98;
const BACKSLASHED: Quoting = { quote: '"', escape: '\\' };
const APOSTROPHES: Quoting = { quote: "'", escape: "'" };
const NAMES: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
  ' ': 'runs of spaces',
};

/**
 * Finds delimiter, quote and escape of a head of UTF-8 text.
 * @param given the delimiter, where a caller says it
 */
export function findForm(text: Buffer, complete: boolean, given: string | undefined): FormFound {
  const delimiters = given === undefined ? DELIMITERS.filter((delimiter) => delimiter !== SPACE) : [given];
  const look = (quoting: Quoting, of: readonly string[] = delimiters): Candidate[] =>
    of.map((delimiter) => agreementOf(sampleRecords(text, { delimiter, ...quoting }, complete)));
  const plain = look(PLAIN_QUOTING);
  const best = bestOf(plain);
  const usual: Candidate = best ?? (plain[0] as Candidate);
  const unusual =
    (text.includes(String.raw`\"`) && backslashed(look(BACKSLASHED), usual)) ||
    (text.includes("'") && given !== "'" && apostrophes(look(APOSTROPHES), usual));
  if (unusual)
    return {
      ...unusual.candidate,
      delimiterEvidence: evidenceOf(unusual.candidate, given),
      quoteEvidence: unusual.evidence,
    };
  const found = chosen(plain, best, given === undefined ? () => look(PLAIN_QUOTING, [SPACE]) : () => []);
  return {
    ...found,
    delimiterEvidence: evidenceOf(found, given),
    quoteEvidence: 'Double quotes, doubled within quotes (RFC 4180).',
  };
}

function chosen(
  plain: readonly Candidate[],
  best: Candidate | undefined,
  spaces: () => Candidate[],
): Candidate {
  if (best !== undefined && best.agreement >= DOUBTFUL) return best;
  const further = bestOf(plain.map(({ sample }) => furtherDown(sample)));
  return further ?? spaces().find(isSpaced) ?? best ?? (plain[0] as Candidate);
}

/** The candidate most records agree on; of equals the one with more cells. Undefined where none splits anything. */
function bestOf(candidates: readonly (Candidate | undefined)[]): Candidate | undefined {
  let best: Candidate | undefined;
  for (const candidate of candidates) {
    if (candidate === undefined || candidate.agreement === 0) continue;
    if (
      best === undefined ||
      candidate.agreement > best.agreement ||
      (candidate.agreement === best.agreement && candidate.width > best.width)
    ) {
      best = candidate;
    }
  }
  return best;
}

/** How far the records agree with the first; 0 where it is not split. */
function agreementOf(sample: Sample): Candidate {
  const { records } = sample;
  const width = Math.max(1, records[0]?.fields ?? sample.openFields);
  const fitting = records.filter(({ fields, damaged }) => fields === width && !damaged).length;
  const evenness = fitting / Math.max(1, records.length);
  return { sample, width, agreement: width < 2 ? 0 : evenness, evenness };
}

/** The table that begins below lines of another form. */
function furtherDown(sample: Sample): Candidate | undefined {
  const counts = new Map<number, number>();
  for (const { fields } of sample.records) counts.set(fields, (counts.get(fields) ?? 0) + 1);
  const [width, count] = [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), [0, 0]);
  if (width < 2 || preambleRecords(sample, width) === 0) return undefined;
  const agreement = count / sample.records.length;
  return { sample, width, agreement, evenness: agreement };
}

/** Spaces stand in every prose: they delimit where all records agree, and a column further on holds numbers or dates. */
function isSpaced({ sample, width, agreement }: Candidate): boolean {
  if (sample.records.length < 2 || agreement < SPACE_AGREEMENT) return false;
  const rows = sampledCells(sample, 1).filter(({ length }) => length === width);
  return Array.from({ length: width - 1 }, (_, index) => index + 1).some((column) =>
    rows.every((row) => kindOfText(row[column] ?? '') !== 'text'),
  );
}

type Unusual = { candidate: Candidate; evidence: string } | undefined;

const damage = ({ sample }: Candidate): number => sample.records.filter(({ damaged }) => damaged).length;

/** Backslashes escape where quotes cannot be read otherwise. */
function backslashed(candidates: readonly Candidate[], plain: Candidate): Unusual {
  const candidate = bestOf(candidates);
  if (candidate === undefined || damage(candidate) > 0 || candidate.agreement <= plain.evenness)
    return undefined;
  return {
    candidate,
    evidence: 'Quotes within quotes have a backslash before them: doubled ones would break the records.',
  };
}

/** Apostrophes quote where they stand around cells throughout and double quotes around none. */
function apostrophes(candidates: readonly Candidate[], plain: Candidate): Unusual {
  const candidate = bestOf(candidates);
  if (candidate === undefined || damage(candidate) > 0 || candidate.agreement < plain.evenness)
    return undefined;
  const { sample } = candidate;
  const quoted = sample.quotedCells();
  if (quoted < Math.max(2, sample.records.length / 2) || plain.sample.quotedCells() > 0) return undefined;
  return { candidate, evidence: `${quoted} cells of the head stand in apostrophes, none in double quotes.` };
}

function evidenceOf({ sample, width }: Candidate, given: string | undefined): string {
  if (given !== undefined) return 'Given with the upload.';
  if (width < 2) return 'Nothing splits the records evenly: one column.';
  const { records, form } = sample;
  const fitting = records.filter(({ fields }) => fields === width).length;
  return `${fitting} of the first ${records.length} records have ${width} cells between ${NAMES[form.delimiter] ?? 'them'}.`;
}
