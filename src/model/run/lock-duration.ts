import { UsageError } from '../../errors.ts';

/** For how long nobody may remove what is pushed. */
export interface LockDuration {
  readonly years: number;
  readonly days: number;
}

/** `7y`, `90d`. The longest that Object Lock takes is 100 years. */
const lockDurationPattern = /^(?:([1-9]\d?|100)y|([1-9]\d{0,4})d)$/;

/** @throws UsageError for any other text */
export function lockDuration(text: string): LockDuration {
  const [, years, days] = lockDurationPattern.exec(text) ?? [];
  if (years === undefined && days === undefined) {
    throw new UsageError(`Cannot lock objects for "${text}"`, { hint: 'Expected years or days, such as 7y or 90d' });
  }
  return { years: Number(years ?? 0), days: Number(days ?? 0) };
}

/** Epoch milliseconds of the end of it: calendar years, as laws count. */
export function lockEndMs({ years, days }: LockDuration, fromMs: number): number {
  const end = new Date(fromMs);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  end.setUTCDate(end.getUTCDate() + days);
  return end.getTime();
}
