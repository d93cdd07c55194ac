import { Problem } from '@app/problems';

export const COLUMN_CHANGES = ['renamed', 'missing', 'extra', 'retyped', 'widened'] as const;

/** How one column of a later upload differs from the dataset's. */
export interface ColumnDrift {
  /** Its name in the dataset; in the file, where the dataset has none. */
  column: string;
  change: (typeof COLUMN_CHANGES)[number];
  /** One sentence for people. */
  detail: string;
}

/** What refuses a file that does not fit: its message names every difference. */
export class DriftProblem extends Problem {
  constructor(readonly drift: readonly ColumnDrift[]) {
    const told = drift
      .map(({ column, change, detail }) => `${quoted(column)} ${change}: ${detail}`)
      .join(' ');
    super(
      'unprocessable',
      `The file does not fit the columns of the dataset. ${told} A column that has another name in this file is given by mapping.columns, as {"name in the file": {"as": "name in the dataset"}}; with mode replace the dataset takes the columns of the file.`,
      { extensions: { drift } },
    );
  }
}

export const quoted = (name: string): string => JSON.stringify(name);
