import { dayMs } from '../../../model/time/durations.ts';
import { iso } from './message-draft.ts';
import type { MessageDraft } from './message-draft.ts';
import type { Prng } from '../prng.ts';
import type { SampleRoom } from '../sample-plan.ts';

/**
 * Rows of an import from another chat. Its dates were whole seconds, and one batch of notes had a single date for all:
 * more rows in one millisecond than a page holds.
 */
export function importedMessages(plan: SampleRoom, count: number, prng: Prng): MessageDraft[] {
  const startMs = Date.parse('2018-11-20T09:00:00Z');
  const inOneBatch = Math.max(0, count);
  const draft = (at: number, atMs: number, msg: string): MessageDraft => {
    const author = prng.pick(plan.members);
    return {
      _id: `import-${prng.id()}`,
      rid: plan.id,
      msg,
      ts: iso(atMs),
      u: { _id: author._id, username: author.username },
      // All inserted by one job, long after.
      _updatedAt: iso(Date.parse('2020-02-10T07:00:00Z') + at * 3),
      imported: true,
      importIds: [`C0LD:${startMs / 1000 + at}`],
      ...(at % 9 === 0
        ? {
            _importFile: {
              id: `F${at}`,
              name: `note ${at}.txt`,
              size: 100 + at,
              downloadUrl: 'https://old-chat.example.org/f',
              external: false,
            },
          }
        : {}),
    };
  };
  return [
    ...Array.from({ length: 24 }, (_, at) => draft(at, startMs + Math.floor(at / 3) * 1000, `old log, line ${at + 1}`)),
    ...Array.from({ length: inOneBatch }, (_, at) =>
      draft(24 + at, startMs + dayMs, `FAQ note ${at + 1}: see the new help centre`),
    ),
  ];
}

/**
 * Sets groups of neighbours to one and the same millisecond, where a page of 50 or 100 rows ends: bots post like that.
 * `drafts` must be in order of `ts`; it stays so.
 */
export function tieNeighbours(drafts: readonly MessageDraft[]): void {
  for (let border = 100; border < drafts.length; border += 150) {
    const first = drafts[border - 2];
    if (!first) return;
    for (const draft of drafts.slice(border - 1, border + 3)) draft.ts = first.ts;
  }
}
