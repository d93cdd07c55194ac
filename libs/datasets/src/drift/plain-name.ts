/** Letters and digits alone: case, accents, spaces and punctuation of a name mean nothing. */
export const plainName = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '');
