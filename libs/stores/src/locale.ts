const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Whether it is the name of a time zone in the IANA database, such as `Europe/London` or `UTC`. */
export function isTimezone(name: string): boolean {
  // Newer runtimes take offsets such as +01:00 too, which know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Whether it is an ISO 4217 code, such as `GBP`. */
export const isCurrency = (code: string): boolean => CURRENCIES.has(code);
