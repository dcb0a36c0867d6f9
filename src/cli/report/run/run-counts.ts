import type { Manifest } from '../../../archive/manifest/manifest.ts';
import { counted } from '../../../model/text/counted.ts';

/** What a run brought. */
interface RunCounts {
  readonly messages: number;
  /** Of messages that earlier runs brought: new versions, deletions. */
  readonly changes: number;
}

export function runCounts({ lists, changes }: Pick<Manifest, 'lists' | 'changes'>): RunCounts {
  const sum = (parts: readonly { readonly exported: number }[]): number =>
    parts.reduce((total, { exported }) => total + exported, 0);
  return { messages: sum(lists), changes: sum(changes) };
}

/** `12 new messages`, `12 new messages and 3 changes`. */
export function runCountsText({ messages, changes }: RunCounts): string {
  return `${counted(messages, 'new message')}${changes === 0 ? '' : ` and ${counted(changes, 'change')}`}`;
}
