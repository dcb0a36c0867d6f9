import { UsageError } from '../../errors.ts';
import { count } from '../../model/text/counted.ts';

/**
 * The number that an option names; undefined where the option is absent.
 *
 * @param command whose help the hint names
 * @throws UsageError for anything but digits, and outside of the bounds
 */
export function wholeNumber(
  option: string,
  text: string | undefined,
  { least, most, command }: { readonly least: number; readonly most: number; readonly command: string },
): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`Cannot use ${option} "${text}", expected a whole number from ${least} to ${count(most)}`, {
    hint: `See rocketchat-export ${command} --help`,
  });
}
