import type { Dataset, Trial } from '@app/api-client';

export type RoleName = Dataset['roles'][number]['role'];
export type ColumnType = Trial['columns'][number]['type'];

/** What is demanded of one column; what is absent is left to its values. */
export interface ColumnDemand {
  type?: ColumnType;
  decimal?: '.' | ',';
  dateOrder?: 'dmy' | 'mdy' | 'ymd';
}

/** What the user says of how a file is to be read; what is empty is left to the file. */
export interface Reading {
  roles: Partial<Record<RoleName, string>>;
  columns: Record<string, ColumnDemand>;
  encoding: string;
  delimiter: string;
  header: '' | 'true' | 'false';
  decimal: '' | '.' | ',';
  dateOrder: '' | 'dmy' | 'mdy' | 'ymd';
}

export const AS_FOUND: Reading = {
  roles: {},
  columns: {},
  encoding: '',
  delimiter: '',
  header: '',
  decimal: '',
  dateOrder: '',
};

/** Roles and demands as the api takes them; undefined where nothing was said of any. */
export function mappingOf({ roles, columns }: Reading) {
  const isSilent = Object.keys(roles).length === 0 && Object.keys(columns).length === 0;
  return isSilent ? undefined : { roles, columns };
}

/** The reading as fields of a form. */
export function readingFields(reading: Reading): Record<string, string> {
  const { encoding, delimiter, header, decimal, dateOrder } = reading;
  const mapping = mappingOf(reading);
  const fields = { encoding, delimiter, header, decimal, dateOrder };
  return {
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')),
    ...(mapping !== undefined && { mapping: JSON.stringify(mapping) }),
  };
}

/** The same as JSON. */
export function readingBody(reading: Reading) {
  const { encoding, delimiter, header, decimal, dateOrder } = reading;
  const mapping = mappingOf(reading);
  return {
    ...(mapping !== undefined && { mapping }),
    ...(encoding !== '' && { encoding }),
    ...(delimiter !== '' && { delimiter }),
    ...(header !== '' && { header: header === 'true' }),
    ...(decimal !== '' && { decimal }),
    ...(dateOrder !== '' && { dateOrder }),
  };
}
