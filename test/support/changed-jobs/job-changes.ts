import { sampleKey } from '../archives/sample-keys.ts';
import { otherLogin, type WrittenJob } from './changed-job-lab.ts';

/** What the run behind a change does. */
export type Outcome =
  /** What is current is what an archive has that had the job of now from the start. */
  | { readonly kind: 'same' }
  /** The manifest says what is not so, also of the run after; with `backfill: true` it is the same. */
  | { readonly kind: 'named'; readonly says: RegExp; readonly isMendedByBackfill: boolean }
  /** Rows that the job does not ask for now stay; the manifest says so, and nothing that it asks for is lacking. */
  | { readonly kind: 'stays'; readonly says: RegExp }
  /** Nothing is written. */
  | { readonly kind: 'refused'; readonly says: RegExp };

/** A row of the table of changes in docs/job-file.md, and the jobs that show it. */
export interface JobChange {
  /** What changes in the job file, in Markdown. */
  readonly change: string;
  /** What the next run does about it, in Markdown. */
  readonly does: string;
  readonly outcome: Outcome;
  /** Jobs in their order, each run once: the last one is the job of now. Empty: there is nothing to compare. */
  readonly cases: readonly (readonly WrittenJob[])[];
  /** What the manifest says beside that, where it matters from where rows come. */
  readonly says?: RegExp;
}

const rooms = (...own: readonly string[]): WrittenJob => ({ extract: [{ rooms: own }] });
const ops = (more: WrittenJob = {}): WrittenJob => ({ extract: [{ rooms: ['ops'], ...more }] });
const transform = (more: WrittenJob = {}): WrittenJob => ({
  transform: { tables: ['messages', 'reactions', 'links'], ...more },
});
const steps = (...own: readonly WrittenJob[]): WrittenJob => transform({ steps: own });
const sinks = (...own: readonly WrittenJob[]): WrittenJob => ({ sinks: own });
const plain: WrittenJob = { ...ops(), ...transform(), ...sinks({ format: 'jsonl' }) };
const job = (...parts: readonly WrittenJob[]): WrittenJob => Object.assign({}, plain, ...parts) as WrittenJob;

const [early, late] = ['2024-01-01T00:15:00Z', '2024-01-01T00:35:00Z'];
const key = (name: string): WrittenJob => ({ pseudonymize: { key: `a key of sixteen, ${name}` } });
const own = (word: string): WrittenJob => ({ use: './step.mjs', options: { word } });
const plugIn = { use: './sink.mjs' };
const safe = { format: 'csv', excelSafe: true };
const there = (before: WrittenJob, after: WrittenJob): readonly (readonly WrittenJob[])[] => [
  [job(before), job(after)],
  [job(after), job(before)],
];

const same: Outcome = { kind: 'same' };
const named = (says: RegExp): Outcome => ({ kind: 'named', says, isMendedByBackfill: true });
const stays = (says: RegExp): Outcome => ({ kind: 'stays', says });
const refused = (says: RegExp): Outcome => ({ kind: 'refused', says });

/** In the order of docs/job-file.md. */
export const jobChanges: readonly JobChange[] = [
  {
    change: '`extract`: an entry or `rooms` more, `scope: readable`, `endpoint` taken away',
    does: 'reads the rooms that are new to the job from their beginning',
    outcome: same,
    cases: [
      [job(), job(rooms('ops', 'general'))],
      [job(), job({ extract: [{ rooms: ['ops'] }, { rooms: ['general'] }] })],
      [job(rooms('*')), job({ extract: [{ rooms: ['*'], scope: 'readable' }] })],
      [job({ extract: [{ rooms: ['*'], endpoint: 'groups.messages' }] }), job(rooms('*'))],
    ],
  },
  {
    change: '`extract`: an entry or `rooms` fewer, `scope` taken away, `endpoint` added',
    does: 'what was read stays as it is: `coverage.rooms` counts such rooms as `no-entry`, `not-joined` or `kind-not-asked`, `changed` names them, and a note of each run says that their rows stay',
    outcome: stays(/is no longer among the rooms that the job finds; its rows stay/),
    cases: [
      [job(rooms('ops', 'general')), job()],
      [job({ extract: [{ rooms: ['*'], scope: 'readable' }] }), job(rooms('*'))],
      [job(rooms('*')), job({ extract: [{ rooms: ['*'], endpoint: 'groups.messages' }] })],
    ],
  },
  {
    change: '`since` of an entry earlier or taken away, `until` later or taken away',
    does: 'reads what lies in between',
    outcome: same,
    cases: [
      [job(ops({ since: late })), job(ops({ since: early }))],
      [job(ops({ since: late })), job()],
      [job(ops({ until: early })), job(ops({ until: late }))],
      [job(ops({ until: early })), job()],
    ],
  },
  {
    change: '`since` of an entry later or added, `until` earlier or added',
    does: 'what was read stays, and is kept up to date: `coverage.listsOutsidePeriod` counts the lists, and a note says so',
    outcome: stays(/"listsOutsidePeriod":1/),
    cases: [
      [job(ops({ since: early })), job(ops({ since: late }))],
      [job(), job(ops({ since: late }))],
      [job(), job(ops({ until: early }))],
    ],
  },
  {
    change: '`mentionIds`, `starredIds`, `pinned` taken away, an entry for `chat.getMentionedMessages` more',
    does: 'reads the room by what the job says now, from its beginning',
    outcome: same,
    cases: [
      [job(ops({ pinned: true })), job()],
      [job(ops({ mentionIds: ['nobody'] })), job()],
      [
        job(),
        job(transform({ tables: ['messages', 'mentioned_messages'] }), {
          extract: [{ rooms: ['ops'] }, { rooms: ['ops'], endpoint: 'chat.getMentionedMessages' }],
        }),
      ],
    ],
  },
  {
    change: '`mentionIds`, `starredIds`, `pinned` added or changed',
    does: 'reads the room by the filter; rows that it does not let pass stay, which a note of each run says',
    outcome: stays(/by other filters or another endpoint now; its rows stay/),
    cases: [
      [job(), job(ops({ pinned: true }))],
      [job(ops({ pinned: true })), job(ops({ mentionIds: ['nobody'] }))],
    ],
  },
  {
    change: '`via: history` added',
    does: 'reads on by time; `coverage.hiddenTypes` says which types of messages the lists lack from then on',
    outcome: stays(/"hiddenTypes":\{"lists":1,"types":\["uj"\]\}/),
    cases: [[job(), job(ops({ via: 'history' }))]],
  },
  {
    change: '`via: history` taken away',
    does: 'reads the rooms again and compares them with the archive: rows come of what the history hid',
    outcome: same,
    cases: [[job(ops({ via: 'history' })), job()]],
  },
  {
    change: '`shard` added, changed or taken away',
    does: 'refuses, with exit code 78: begin another archive',
    outcome: refused(/shard/),
    cases: there({}, { shard: { index: 0, count: 2 } }),
  },
  {
    change: '`tables`: one of messages or of rooms more, also one that the job made before',
    does: 'reads again what earlier runs read, and writes rows of that table only',
    outcome: same,
    cases: [
      [
        job(transform({ tables: ['messages'] })),
        job(transform({ tables: ['messages', 'reactions', 'message_versions', 'rooms'] })),
      ],
      [job(), job(transform({ tables: ['messages'] })), job()],
      [job(transform({ tables: ['reactions'] })), job()],
    ],
  },
  {
    change: '`tables`: `users` or `room_members` more',
    does: 'reads the lists of the server, and takes senders from rows; `coverage.incomplete` names the runs before, since nobody knows who was gone by then',
    outcome: { kind: 'named', says: /"table":"(users|room_members)"[^{]*"columns":null/, isMendedByBackfill: false },
    cases: [
      [job(), job(transform({ tables: ['messages', 'users'] }))],
      [job(), job(transform({ tables: ['messages', 'room_members'] }))],
    ],
  },
  {
    change: '`tables`: one fewer',
    does: 'its files stay, and get no more rows',
    outcome: same,
    cases: [[job(), job(transform({ tables: ['messages'] }))]],
  },
  {
    change: '`md` added, `dropColumns` fewer or taken away',
    does: 'the columns are null in rows of before: `coverage.incomplete`; `backfill` fills them',
    outcome: named(/"columns":\["(md|msg)"\]/),
    cases: [
      [job(), job(transform({ md: 'json' }))],
      [job(steps({ dropColumns: ['msg'] })), job()],
      [job(steps({ dropColumns: ['msg', 'urls'] })), job(steps({ dropColumns: ['urls'] }))],
    ],
  },
  {
    change: '`md` taken away, `dropColumns` added or more',
    does: 'the columns stay in rows of before: `coverage.outdated`; `backfill` writes those anew',
    outcome: named(/"because":"they hold \\"(md|msg)\\", which the job/),
    cases: [
      [job(transform({ md: 'json' })), job()],
      [job(), job(steps({ dropColumns: ['msg'] }))],
      [job(steps({ dropColumns: ['urls'] })), job(steps({ dropColumns: ['urls', 'msg'] }))],
    ],
  },
  {
    change: '`dropSystemMessages`, or the steps `since` and `until`, taken away or wider',
    does: 'what they dropped stays away: `coverage.incomplete`; `backfill` brings it',
    outcome: named(/dropped (one message|\d+ messages) then, and the steps of the job are others now/),
    cases: [
      [job(steps({ dropSystemMessages: true })), job()],
      [job(steps({ since: late })), job(steps({ since: early }))],
      [job(steps({ until: early })), job()],
    ],
  },
  {
    change: '`dropSystemMessages`, or the steps `since` and `until`, added or narrower',
    does: 'what they drop now stays in rows of before: `coverage.outdated`; `backfill` takes it out',
    outcome: named(/of now may drop messages that are in them/),
    cases: [
      [job(), job(steps({ dropSystemMessages: true }))],
      [job(steps({ since: early })), job(steps({ since: late }))],
      [job(), job(steps({ until: early }))],
    ],
  },
  {
    change: '`pseudonymize` added, with another `key`, or taken away',
    does: 'names or other pseudonyms stay in rows of before: `coverage.outdated`; behind `backfill` none of those is current, and `compact --latest` removes them',
    outcome: named(/names stand in them|pseudonyms stand in them/),
    cases: [...there({}, steps(key('one'))), [job(steps(key('one'))), job(steps(key('two')))]],
  },
  {
    change: '`use` in `steps` added, with other `options`, in another order, or taken away',
    does: 'rows of before stay as that step, or none, made them: `coverage.outdated`; `backfill` writes them anew',
    outcome: named(/had the step|in another order/),
    cases: [
      ...there({}, steps(own('a'))),
      [job(steps(own('a'))), job(steps(own('b')))],
      [job(steps(own('a'), own('b'))), job(steps(own('b'), own('a')))],
    ],
  },
  {
    change:
      '`sinks`: a format more, or one with another ending (`compression` of csv and jsonl), a `use`; Parquet, JSONL or CSV is there',
    does: 'copies the rows of before from that',
    outcome: same,
    says: /"completed":\[\{"table":"messages"/,
    cases: [
      [job(sinks({ format: 'parquet' })), job(sinks({ format: 'parquet' }, { format: 'csv' }))],
      [job(), job(sinks({ format: 'jsonl' }, { format: 'parquet' }))],
      [job(sinks({ format: 'csv' })), job(sinks({ format: 'csv' }, { format: 'jsonl' }))],
      [job(sinks({ format: 'csv' })), job(sinks({ format: 'csv', compression: 'gzip' }))],
      [job(), job(sinks({ format: 'jsonl' }, plugIn))],
    ],
  },
  {
    change:
      '`sinks`: a format more, where only `excelSafe` CSV or a plug-in’s format is there, with `raw: keep` from the start',
    does: 'makes the rows of before once more of `_raw`, without a request for them',
    outcome: same,
    says: /"source":"raw"/,
    cases: [
      [job({ raw: 'keep' }, sinks(safe)), job({ raw: 'keep' }, sinks(safe, { format: 'parquet' }))],
      [job({ raw: 'keep' }, sinks(plugIn)), job({ raw: 'keep' }, sinks(plugIn, { format: 'jsonl' }))],
    ],
  },
  {
    change: 'the same without `raw: keep`',
    does: 'reads every room again, as after `state forget`; `coverage.incomplete` names the format and runs, of which rooms and messages that are gone stay away there',
    outcome: { kind: 'named', says: /"format":"(parquet|jsonl)"[^{]*"columns":null/, isMendedByBackfill: false },
    cases: [
      [job(sinks(safe)), job(sinks(safe, { format: 'parquet' }))],
      [job(sinks(plugIn)), job(sinks(plugIn, { format: 'jsonl' }))],
    ],
  },
  {
    change: '`sinks`: a format fewer',
    does: 'its files stay, and get no more rows; a job that has it again completes it',
    outcome: same,
    cases: [
      [job(sinks({ format: 'jsonl' }, { format: 'csv' })), job()],
      [job(sinks({ format: 'jsonl' }, { format: 'csv' })), job(), job(sinks({ format: 'jsonl' }, { format: 'csv' }))],
    ],
  },
  {
    change: '`delimiter`, `bom`, `engine`, `compression` of Parquet, `rowsPerFile`',
    does: 'new files are made so; what reads archives reads both',
    outcome: same,
    cases: [
      [job(sinks({ format: 'csv' })), job(sinks({ format: 'csv', delimiter: ';', bom: true }))],
      [job(sinks({ format: 'parquet' })), job(sinks({ format: 'parquet', compression: 'snappy' }))],
      [job(), job({ rowsPerFile: 3 })],
    ],
  },
  {
    change: '`pageSize`',
    does: 'asks for pages of that size; a run that was cut, and goes on, keeps the size with which it began',
    outcome: same,
    cases: [[job(), job(ops({ pageSize: 3 }))]],
  },
  {
    change: '`excelSafe` added or taken away',
    does: 'cells of earlier CSV stay as they are: `coverage.outdated`; `backfill` writes them anew',
    outcome: named(/their CSV was written/),
    cases: there(sinks({ format: 'csv' }), sinks(safe)),
  },
  {
    change: '`partition` added, changed or taken away',
    does: 'rows of before stay in their folders, with `backfill`, too: `coverage.outdated`; `latest` reads both',
    outcome: { kind: 'named', says: /they lie in folders of `partition: (none|room)`/, isMendedByBackfill: false },
    cases: there({}, { partition: 'room' }),
  },
  {
    change: '`attachments` added or wider (`maxBytes`, `types`, `rooms`, `avatars`)',
    does: 'saves the files of messages of before, too; where no table shows those, `coverage.incomplete` names the runs',
    outcome: same,
    cases: [
      [job(), job({ attachments: 'download' })],
      [job({ attachments: { maxBytes: 1 } }), job({ attachments: 'download' })],
      [job({ attachments: { types: ['image/*'] } }), job({ attachments: 'download' })],
      [job(rooms('*'), { attachments: { rooms: ['general'] } }), job(rooms('*'), { attachments: { rooms: ['*'] } })],
    ],
  },
  {
    change: '`attachments` taken away or narrower',
    does: 'what is saved stays',
    outcome: same,
    cases: [[job({ attachments: 'download' }), job()]],
  },
  {
    change: '`raw` added or taken away',
    does: 'responses are kept from then on, or no more; what is there stays',
    outcome: same,
    cases: there({}, { raw: 'keep' }),
  },
  {
    change: '`retention` and `hold` added or changed',
    does: 'hold from the purge behind the next run on; what was purged stays away, and each run says how many messages that were',
    outcome: same,
    cases: [[job(), job({ hold: { rooms: ['ops'] } })]],
  },
  {
    change: '`sign` taken away, or with another `key`',
    does: 'refuses, with exit code 78; added, it signs from then on',
    outcome: refused(/signed/),
    cases: [
      [job({ sign: { key: sampleKey(1).privatePem } }), job()],
      [job({ sign: { key: sampleKey(1).privatePem } }), job({ sign: { key: sampleKey(2).privatePem } })],
    ],
  },
  {
    change: '`server`: another login',
    does: 'reads on; rooms of before that the login does not see are gaps `room-gone` of that run, and notes later',
    outcome: stays(/"gone":1/),
    cases: [[job(rooms('*')), job(rooms('*'), { server: otherLogin })]],
  },
  {
    change: '`output`',
    does: 'another archive, from its beginning',
    outcome: same,
    cases: [],
  },
  {
    change: '`backfill` added',
    does: 'whatever the rows above say of it, once',
    outcome: same,
    cases: [],
  },
  {
    change:
      '`name`, `concurrency`, `maxWait`, `lookback`, `schedule`, `timezone`, `transcript`, `report`, `load`, `push`, `notify`',
    does: 'no row of a table is another',
    outcome: same,
    cases: [[job(), job({ name: 'other', concurrency: 1, maxWait: '1h', lookback: '1d', schedule: '@daily' })]],
  },
];
