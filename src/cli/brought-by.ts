import type { Manifest } from '../archive/manifest.ts';
import { counted } from './amounts.ts';

/** What a run brought. */
export interface Brought {
  readonly messages: number;
  /** Of messages that earlier runs brought: new versions, deletions. */
  readonly changes: number;
}

export function broughtBy(streams: Manifest['streams']): Brought {
  const sum = (isChanges: boolean): number =>
    streams.reduce((total, { via, exported }) => total + ((via === 'changes') === isChanges ? exported : 0), 0);
  return { messages: sum(false), changes: sum(true) };
}

/** `12 new messages`, `12 new messages and 3 changes`. */
export function broughtText({ messages, changes }: Brought): string {
  return `${counted(messages, 'new message')}${changes === 0 ? '' : ` and ${counted(changes, 'change')}`}`;
}
