import { compareText } from '../../model/text/compare-text.ts';
import type { Names } from '../read/names.ts';
import { participantId, type RsmfEvent, type RsmfFile } from './rsmf-event.ts';

/** What goes into one file: the messages of a room and a day. */
export interface RsmfUnit {
  readonly roomId: string;
  /** `2026-03-05`, in the zone of the transcript. */
  readonly day: string;
  /** From 1: a day of more than 10,000 messages takes several files. */
  readonly part: number;
  /** Oldest first, those that are there for the sake of others in front. */
  readonly events: readonly RsmfEvent[];
  readonly files: readonly RsmfFile[];
}

/** A person in a unit. */
export interface RsmfParticipant {
  readonly id: string;
  readonly display: string;
}

/** Everybody who sent, edited or reacted to a message of it, or joined or left. */
export function participantsOf({ events }: RsmfUnit, names: Names): readonly RsmfParticipant[] {
  const ids = new Set<string>();
  for (const { participant, reactions = [], edits = [] } of events) {
    ids.add(participant);
    for (const { participants } of reactions) for (const id of participants) ids.add(id);
    for (const edit of edits) ids.add(edit.participant);
  }
  return [...ids].sort(compareText).map((id) => ({ id, display: names.user(id) ?? participantId(id) }));
}

/**
 * The text of `rsmf_manifest.json`.
 *
 * Source: RSMFManifestSchema/rsmf_schema_2_0_0.json of github.com/relativitydev/rsmf-validator-samples
 */
export function rsmfManifest(unit: RsmfUnit, names: Names): string {
  const { roomId, events } = unit;
  const people = participantsOf(unit, names);
  const { title, name, type } = names.room(roomId);
  return `${JSON.stringify(
    {
      version: '2.0.0',
      participants: people.map(({ id, display }) => ({ id, display, account_id: id })),
      conversations: [
        {
          id: roomId,
          display: title,
          platform: 'Rocket.Chat',
          type: type === 'direct' ? 'direct' : 'channel',
          participants: people.map(({ id }) => id),
          custom: [
            { name: 'room name', value: name },
            { name: 'room type', value: type },
          ].filter(({ value }) => value !== ''),
        },
      ],
      events,
    },
    null,
    1,
  )}\n`;
}
