import { mostHoles, type ChangesState, type UnreadEdit } from '../../archive/state/state.ts';
import { isBadMessage } from '../../journal/hole-place.ts';
import type { ChangesOutcome } from '../../plan/stream-outcome.ts';

/**
 * Changed messages that could not be read, of this run and of earlier ones, except for those that have changed since and
 * could: their rows are of the version before.
 *
 * @param changed keys of what this run has read (see changeKey)
 */
export function unreadEdits(
  known: ChangesState | undefined,
  outcome: ChangesOutcome | undefined,
  changed: readonly string[],
  run: number,
): readonly UnreadEdit[] {
  const bad = (outcome?.holes ?? []).filter(isBadMessage);
  const now = [...new Set(bad.flatMap(({ id }) => id ?? []))];
  const settled = new Set([...now, ...changed.map((key) => key.replace(/@(?:deleted:)?\d+$/, ''))]);
  const earlier = (known?.unread ?? []).filter(({ id }) => !settled.has(id));
  return [...earlier, ...now.map((id) => ({ id, run }))].slice(-mostHoles);
}

/** What earlier runs reported as gaps, and later ones note. */
export function unreadEditsNote({ roomName, unread = [] }: ChangesState): readonly string[] {
  if (unread.length === 0) return [];
  const named = unread.slice(0, 10).map(({ id, run }) => `"${id}" (run ${run})`);
  return [
    `Room "${roomName}": ${unread.length} ${unread.length === 1 ? 'changed message' : 'changed messages'} of earlier runs could not be read: ${named.join(', ')}${unread.length > 10 ? '…' : ''}; rows of earlier versions stay current until the next change that can be, and what the server sent is in _raw.`,
  ];
}
