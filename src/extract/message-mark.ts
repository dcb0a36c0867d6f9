import type { MessageMark } from '../model/stream.ts';

/** @param place of a message, by its own time or that of a change of it; undefined: there is none */
export function markOf(place: { readonly id: string; readonly tsMs: number } | undefined): MessageMark | null {
  return place === undefined ? null : { id: place.id, ts: new Date(place.tsMs).toISOString() };
}
