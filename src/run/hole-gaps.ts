import type { Gap } from '../archive/manifest.ts';
import type { Hole } from '../stream.ts';
import { holePlace, isBadMessage } from './hole-place.ts';
import type { PlannedStream } from './open-run.ts';

/** A message that makes no row is a gap once; later runs note it. What cannot be read is one until it can. */
export function holeGaps({ holes: earlier }: Pick<PlannedStream, 'holes'>, holes: readonly Hole[]): readonly Gap[] {
  const known = new Set(earlier.filter(isBadMessage).map(holePlace));
  return holes.filter((hole) => !known.has(holePlace(hole))).map(holeGap);
}

function holeGap(hole: Hole): Gap {
  const { reason, message, offset, rows, after, before } = hole;
  if (isBadMessage(hole) && hole.id !== null) return { reason, message };
  const which = rows === 1 ? 'message number' : `${rows} messages from number`;
  return {
    reason,
    message: `${message}; missing: ${which} ${offset + 1} of the room, ${placeText(after, 'after')}, ${placeText(before, 'before')}`,
  };
}

function placeText(place: Hole['after'], word: string): string {
  if (place === null) return word === 'after' ? 'at its beginning' : 'at its end';
  const time = place.undated === undefined ? new Date(place.tsMs).toISOString() : JSON.stringify(place.undated.value);
  return `${word} "${place.id ?? ''}" (${time})`;
}
