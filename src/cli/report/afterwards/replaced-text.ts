import { counted } from '../../../model/text/counted.ts';

/** What became of characters that a database cannot hold. @param where the archive or the job */
export function replacedText(where: string, replaced: number): string {
  return `${where}: ${counted(replaced, 'value')} with the character U+0000, which the database cannot hold: U+FFFD is in its place`;
}
