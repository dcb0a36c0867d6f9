/** A text, and null for anything else. */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** A text with something in it, and null for anything else. */
export function filledTextOrNull(value: unknown): string | null {
  return value === '' ? null : textOrNull(value);
}
