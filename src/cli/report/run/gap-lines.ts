import { gapHint } from '../../../record/gap-hints.ts';
import type { ManifestGap } from '../../../archive/manifest/manifest.ts';
import { count, counted } from '../../../model/text/counted.ts';

const mostReasons = 3;
const mostRooms = 3;

/** What could not be read and what to do about it, by reason: two lines each. The manifest names every room. */
export function gapLines(gaps: readonly ManifestGap[]): readonly string[] {
  const reasons = [...new Set(gaps.map(({ reason }) => reason))];
  const lines = reasons.slice(0, mostReasons).flatMap((reason) => {
    const own = gaps.filter((gap) => gap.reason === reason);
    const rooms = [...new Set(own.map(({ room }) => room.name))];
    const more = rooms.length > mostRooms ? ` and ${count(rooms.length - mostRooms)} more` : '';
    const [first] = own;
    return [
      `gap (${reason}) in ${rooms.slice(0, mostRooms).join(', ')}${more}: ${first?.message ?? ''}`,
      `  ${gapHint(reason)}`,
    ];
  });
  const hidden = reasons.length - mostReasons;
  return hidden > 0 ? [...lines, `and gaps for ${counted(hidden, 'other reason')}: the manifest has all`] : lines;
}
