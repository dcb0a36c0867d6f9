import fc from 'fast-check';
import type { Row } from '../../../src/model/column.ts';
import { fixtureRow, type FixtureRun } from '../archives/revised-archive.ts';
import { messageFixture } from './message-fixture.ts';

/** What happens to an archive between two transcripts of it. */
export type LifeStep =
  | { readonly kind: 'run'; readonly changes: readonly Change[] }
  | { readonly kind: 'compact' | 'purge' | 'lose-page' | 'other-zone' | 'other-version' };

/** What a run finds of a message. */
export interface Change {
  /** Which message, person, room, file. */
  readonly at: number;
  readonly kind: (typeof changeKinds)[number];
}

const changeKinds = [
  ...['new', 'new', 'new', 'new', 'long', 'reply', 'quote', 'reaction', 'edit', 'deletion', 'version'],
  ...['renamed-user', 'renamed-room', 'file', 'system', 'discussion'],
] as const;

export const lives = (length: number): fc.Arbitrary<readonly LifeStep[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          kind: fc.constant('run' as const),
          changes: fc.array(fc.record({ at: fc.nat(39), kind: fc.constantFrom(...changeKinds) }), { maxLength: 9 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          kind: fc.constantFrom('compact', 'purge', 'lose-page', 'other-zone', 'other-version'),
        }),
      },
    ),
    { minLength: 2, maxLength: length },
  );

const idOf = (at: number): string => `message${String(at).padStart(2, '0')}`;

/** Messages lie in three rooms and four months, whichever run finds them. */
function placeOf(at: number): Row {
  const room = at % 3;
  return {
    ...{ room_id: `room${room}`, room_name: `name${room}` },
    ts: new Date(Date.UTC(2026, at % 4, 1 + (at % 2) * 27, at % 24, at)),
  };
}

/** @param number of the run, by which names change */
export function runOf(changes: readonly Change[], number: number): FixtureRun {
  const messages: Row[] = [];
  const versions: Row[] = [];
  const files: Row[] = [];
  for (const [index, { at, kind }] of changes.entries()) {
    const other = (at * 7 + 3) % 40;
    const row = (fields: Row): Row =>
      messageFixture(idOf(at), {
        ...{ ...placeOf(at), run: number, room_title: `Room ${at % 3}` },
        ...{ username: `user${at % 5}`, user_id: `u${at % 5}`, user_name: `User ${at % 5}`, msg: `*text* ${at}` },
        ...fields,
      });
    const changed = { edited_at: new Date(Date.UTC(2026, 6, number, index)), edited_by_username: `user${other % 5}` };
    switch (kind) {
      case 'new':
        messages.push(row({}));
        break;
      case 'long':
        messages.push(row({ msg: '&'.repeat(9_000) }));
        break;
      case 'reply':
        messages.push(row({ ...placeOf(at), room_id: `room${at % 3}`, thread_id: idOf((at + 3) % 40) }));
        break;
      case 'quote':
        messages.push(
          row({ attachments: [shown('quote', `https://chat.example.org/group/x?msg=${idOf(other)}`, null)] }),
        );
        break;
      case 'reaction':
        messages.push(row({ reactions: [{ emoji: ':tada:', count: 1, usernames: [`user${other % 5}`] }] }));
        break;
      case 'edit':
        messages.push(row({ ...changed, msg: `edited by run ${number}` }));
        break;
      case 'deletion':
        messages.push(row({ op: 'delete', msg: null, deleted_at: new Date(Date.UTC(2026, 7, number)) }));
        break;
      case 'version':
        versions.push(
          fixtureRow('message_versions', {
            ...row({ ...changed, msg: `before run ${number}` }),
            ...{ version_id: `v${number}-${index}`, message_id: idOf(at) },
          }),
        );
        break;
      case 'renamed-user':
        messages.push(row({ user_name: `User of run ${number}` }));
        break;
      case 'renamed-room':
        messages.push(row({ room_title: `Room of run ${number}` }));
        break;
      case 'file':
        messages.push(row({ attachments: [shown('image', null, `file${at % 6}`)] }));
        files.push(
          fixtureRow('files', {
            ...{ file_id: `file${other % 6}`, message_id: idOf(at), room_id: `room${at % 3}`, mime_type: 'image/png' },
            ...{ status: number % 2 === 0 ? 'saved' : 'missing', sha256: String(number), size_bytes: number },
            ...{ path: number % 2 === 0 ? `_files/file${other % 6}/a.png` : null, run: number, op: 'upsert' },
          }),
        );
        break;
      case 'system':
        messages.push(row({ type: 'au', is_system: true, system_target: `user${other % 5}` }));
        break;
      case 'discussion':
        messages.push(row({ discussion_id: `room${other % 4}`, discussion_count: 1 }));
        break;
    }
  }
  return {
    tables: {
      messages: { revising: messages },
      message_versions: { first: versions },
      files: { first: files },
    },
    sinks: [{ format: 'jsonl' }],
    rowsPerFile: 100,
  };
}

/** What a message shows beside its text. */
export function shown(
  kind: string,
  url: string | null,
  fileId: string | null,
): Readonly<Record<string, string | null | string[]>> {
  return {
    ...{ kind, title: 'shown', author: null, text: 'shown text', url, urls: [], mime_type: null, size_bytes: null },
    file_id: fileId,
  };
}
