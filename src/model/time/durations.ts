export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Epoch milliseconds of the last moment that JavaScript has dates for; the first is as far before 1970. */
export const lastMs = 8_640_000_000_000_000;
