const longestQuote = 200;

/**
 * Makes text that came from the server fit for an error message: secrets that it repeats are struck out, control
 * characters (which a terminal would obey) and runs of white space become one space, and it is cut to 200 characters.
 */
export function quoteServerText(text: string, secrets: readonly string[]): string {
  let safe = text;
  for (const secret of secrets) {
    for (const form of new Set([secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)])) {
      if (form !== '') safe = safe.replaceAll(form, '[secret]');
    }
  }
  safe = safe.replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return safe.length > longestQuote ? `${safe.slice(0, longestQuote)}…` : safe;
}
