const COLORS = [
  'teal',
  'indigo',
  'orange',
  'grape',
  'cyan',
  'lime',
  'pink',
  'yellow',
  'blue',
  'red',
] as const;

/** A segment has one colour wherever it is drawn. */
export const colorOf = (index: number): string => COLORS[index % COLORS.length] ?? 'gray';
