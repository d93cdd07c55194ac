import { randomBytes } from 'node:crypto';

/** A name no other table or directory of this process has: letters and digits only. */
export const uniqueName = (prefix: string): string => `${prefix}${randomBytes(9).toString('hex')}`;
