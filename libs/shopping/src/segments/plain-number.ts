/** Not Intl, whose output may change with the ICU version: the same data gives the same sentence everywhere. */
export const thousands = (value: number): string =>
  String(value).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',');
