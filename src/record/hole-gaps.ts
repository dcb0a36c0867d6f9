import type { Gap } from '../archive/manifest/manifest.ts';
import type { Hole, Via } from '../model/stream.ts';
import { holePlace, isBadMessage } from '../journal/hole-place.ts';
import type { PlannedStream } from '../plan/run-plan.ts';

/** A message that makes no row is a gap once; later runs note it. What cannot be read is one until it can. */
export function holeGaps(
  { holes: earlier, via }: Pick<PlannedStream, 'holes' | 'via'>,
  holes: readonly Hole[],
): readonly Gap[] {
  const known = new Set(earlier.filter(isBadMessage).map(holePlace));
  return holes.filter((hole) => !known.has(holePlace(hole))).map((hole) => holeGap(hole, via));
}

function holeGap(hole: Hole, via: Via): Gap {
  const { reason, message, after, before } = hole;
  if (isBadMessage(hole) && hole.id !== null) return { reason, message };
  return {
    reason,
    message: `${message}; missing: ${whichText(hole, via)} of the room, ${placeText(after, 'after')}, ${placeText(before, 'before')}`,
  };
}

/** A history is read from its newest end: which number of the room a message is, nobody knows there. */
function whichText({ offset, rows }: Hole, via: Via): string {
  if (via === 'history') return rows === 1 ? 'one message' : `${rows} messages`;
  return `${rows === 1 ? 'message number' : `${rows} messages from number`} ${offset + 1}`;
}

function placeText(place: Hole['after'], word: string): string {
  if (place === null) return word === 'after' ? 'at its beginning' : 'at its end';
  const time = place.undated === undefined ? new Date(place.tsMs).toISOString() : JSON.stringify(place.undated.value);
  return `${word} "${place.id ?? ''}" (${time})`;
}
