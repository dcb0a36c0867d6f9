import type { PushedArchive } from '../../../model/run/pushed-archive.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { size } from '../amounts.ts';

/** What a push did, in a sentence. */
export function pushedLine({ links, files, sizeBytes, removed, locked, newest }: PushedArchive): string {
  if (links === 0 && files === 0) return `nothing new, all ${count(newest)} runs are there`;
  const parts = [
    `pushed ${counted(links, 'run')}, ${counted(files, 'file')} (${size(sizeBytes)}); all ${count(newest)} are there`,
    ...(removed > 0 ? [`removed ${counted(removed, 'object')} that nothing names any more`] : []),
    ...(locked > 0 ? [`${counted(locked, 'object')} that nothing names any more stay, for they are locked`] : []),
  ];
  return parts.join('; ');
}

/** Of a store that takes every write. @param address of the prefix */
export function unconditionalText(address: string): string {
  return `${address}: the store ignores conditions (If-None-Match): never push to it from two places at once`;
}
