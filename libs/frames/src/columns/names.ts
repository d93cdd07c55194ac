/**
 * One unique name a header: empty ones become `columnN`, repetitions get ` (2)`, ` (3)`… The text itself
 * is kept as it stands, so a Map or an object without prototype must hold it.
 */
export function uniqueNames(headers: readonly string[]): string[] {
  const given = new Set(headers);
  const taken = new Set<string>();
  return headers.map((header, index) => {
    const base = header === '' ? `column${index + 1}` : header;
    let name = base;
    const isFree = (candidate: string): boolean =>
      !taken.has(candidate) && (candidate === header || !given.has(candidate));
    for (let copy = 2; !isFree(name); copy += 1) name = `${base} (${copy})`;
    taken.add(name);
    return name;
  });
}
