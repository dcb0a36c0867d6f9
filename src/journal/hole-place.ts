import type { Hole } from '../model/stream.ts';

/** Names a hole across attempts and runs: what stands around it, or the message itself. */
export function holePlace({ id = null, after, before }: Pick<Hole, 'after' | 'before'> & { id?: Hole['id'] }): string {
  return JSON.stringify(id ?? [after, before]);
}

/** The message was read and kept, and makes no row: asking for it again would bring nothing else. */
export function isBadMessage({ reason }: Hole): boolean {
  return reason === 'bad-message';
}

/** Whether a message may be one of a hole. Next to a row without a date, nobody knows what stands there. */
export function isInHole({ id: badId, after, before }: Hole, id: string, tsMs: number): boolean {
  if (badId !== null) return badId === id;
  const isBehind = after === null || after.undated !== undefined || tsMs >= after.tsMs;
  const isBefore = before === null || before.undated !== undefined || tsMs <= before.tsMs;
  return isBehind && isBefore;
}

/** A walk that was cut may meet a hole twice. */
export function distinctHoles<H extends Hole>(holes: readonly H[]): readonly H[] {
  return [...new Map(holes.map((hole) => [holePlace(hole), hole])).values()];
}
