import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv, type AnySchema } from 'ajv';
import { describe, expect, it } from '@jest/globals';
import type { Row } from '../../../src/model/column.ts';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { writeTranscript, type TranscriptOptions } from '../../../src/transcript/write-transcript.ts';
import { publishFixture, type FixtureRun } from '../../support/archives/revised-archive.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { evilTexts, hostileRuns } from '../../support/transcripts/hostile-runs.ts';
import { messageFixture } from '../../support/transcripts/message-fixture.ts';
import { fileWorkspace } from '../../support/workspaces/file-workspace.ts';

/** Published by Relativity: see the README beside it. */
const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/rsmf/rsmf_schema_2_0_0.json'), 'utf8'),
) as AnySchema;

const isDateTime = (text: string): boolean => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
const valid = new Ajv({
  strict: false,
  allErrors: true,
  formats: { 'idn-email': true, 'date-time': isDateTime },
}).compile(schema);

/** What Python's mail and zip libraries, which share no code with ours, find in a file. */
const reader = `
import email, email.policy, io, json, sys, zipfile
for path in sys.argv[1:]:
    bytes = open(path, 'rb').read()
    message = email.message_from_bytes(bytes, policy=email.policy.default)
    text, attached = list(message.iter_parts())
    zip = zipfile.ZipFile(io.BytesIO(attached.get_content()))
    print(json.dumps({
        'defects': [str(one) for part in message.walk() for one in part.defects] + [str(one) for value in message.values() for one in value.defects],
        'longest': max(len(line) for line in bytes.split(b'\\r\\n')),
        'bare': bytes.replace(b'\\r\\n', b'').count(b'\\n'),
        'headers': {name: str(value) for name, value in message.items()},
        'text': text.get_content(),
        'name': attached.get_filename(),
        'bad': zip.testzip(),
        'files': {name: zip.read(name).decode() for name in zip.namelist()},
    }))
`;
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

interface Event {
  readonly id: string;
  readonly type: string;
  readonly parent?: string;
  readonly participant: string;
  readonly conversation: string;
  readonly body: string;
  readonly deleted?: boolean;
  readonly attachments?: readonly { readonly id: string; readonly display: string }[];
  readonly edits?: readonly { readonly participant: string; readonly previous: string; readonly new: string }[];
  readonly reactions?: readonly { readonly value: string; readonly participants: readonly string[] }[];
  readonly custom: readonly { readonly name: string; readonly value: string }[];
}

interface Manifest {
  readonly participants: readonly { readonly id: string; readonly display: string }[];
  readonly conversations: readonly {
    readonly id: string;
    readonly type: string;
    readonly participants: readonly string[];
  }[];
  readonly events: readonly Event[];
}

interface RsmfFile {
  readonly path: string;
  readonly manifest: Manifest;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Reads the files of a folder, each of which has to be valid and to hold together. */
async function filesIn(folder: string): Promise<readonly RsmfFile[]> {
  const paths: string[] = [];
  for await (const { name } of walkFiles(nodeDisk, folder)) paths.push(name);
  paths.sort();
  const lines = execFileSync('python3', ['-c', reader, ...paths], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return lines
    .trimEnd()
    .split('\n')
    .map((line, at) => {
      const found = JSON.parse(line) as Omit<RsmfFile, 'path' | 'manifest'>;
      expect(found).toMatchObject({ defects: [], bad: null, bare: 0, name: 'rsmf.zip' });
      expect(found).toHaveProperty('longest', expect.any(Number));
      expect(Number(Reflect.get(found, 'longest'))).toBeLessThan(998);
      const manifest = JSON.parse(found.files['rsmf_manifest.json'] ?? '') as Manifest;
      expect([valid(manifest), valid.errors]).toEqual([true, null]);
      expectWhole(manifest, found.files);
      return { ...found, path: paths[at] ?? '', manifest };
    });
}

/** What the published validator checks beside the schema: every id that is named is there, every file is named. */
function expectWhole({ participants, conversations, events }: Manifest, files: RsmfFile['files']): void {
  const people = new Set(participants.map(({ id }) => id));
  const ids = new Set(events.map(({ id }) => id));
  expect(ids.size).toBe(events.length);
  for (const id of conversations.flatMap((one) => one.participants)) expect(people).toContain(id);
  for (const { participant, conversation, parent, edits = [], reactions = [] } of events) {
    expect(people).toContain(participant);
    expect(conversations.map(({ id }) => id)).toContain(conversation);
    if (parent !== undefined) expect(ids).toContain(parent);
    for (const edit of edits) expect(people).toContain(edit.participant);
    for (const { value, participants: by } of reactions) {
      expect(value.length).toBeLessThanOrEqual(30);
      for (const id of by) expect(people).toContain(id);
    }
  }
  const named = events.flatMap(({ attachments = [] }) => attachments.map(({ id }) => id));
  expect(new Set(named)).toEqual(new Set(Object.keys(files).filter((name) => name !== 'rsmf_manifest.json')));
}

async function written(
  runs: readonly FixtureRun[],
  options: TranscriptOptions,
  use: (files: readonly RsmfFile[]) => void,
): Promise<void> {
  await inTemporaryFolder(async (folder) => {
    const archive = join(folder, 'archive');
    await publishFixture(nodeDisk, archive, runs);
    await writeTranscript(archive, join(folder, 'rsmf'), { ...options, format: 'rsmf' });
    use(await filesIn(join(folder, 'rsmf')));
  });
}

/** A run that writes these rows. */
const run = (...messages: readonly Row[]): FixtureRun => ({
  tables: {
    messages: {
      first: messages.filter(({ run: number }) => number === 1),
      revising: messages.filter(({ run: number }) => number !== 1),
    },
  },
});

const at = (day: number, hour: number): Date => new Date(Date.UTC(2026, 2, day, hour));

describe('an archive as RSMF', () => {
  it('has a valid file for each room and day, whatever its fields hold, with the same bytes each time', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await publishFixture(nodeDisk, archive, hostileRuns());
      await writeTranscript(archive, join(folder, 'one'), { format: 'rsmf' });
      await writeTranscript(archive, join(folder, 'two'), { format: 'rsmf' });
      const files = await filesIn(join(folder, 'one'));
      expect(files.length).toBeGreaterThan(1);
      for (const { path } of files)
        expect(await readFile(join(folder, 'two', path))).toEqual(await readFile(join(folder, 'one', path)));
      const bodies = files.flatMap(({ manifest }) => manifest.events.map(({ body }) => body)).join('\n');
      expect(bodies).toContain(evilTexts[0]);
      for (const { headers, manifest } of files) {
        expect(headers['X-RSMF-Version']).toBe('2.0.0');
        expect(headers['X-RSMF-EventCount']).toBe(String(manifest.events.length));
      }
    }));

  it('repeats the message that a thread began with where a reply is of another day, marked as context', () =>
    written(
      [
        run(
          messageFixture('root', { ts: at(5, 9), msg: 'who?' }),
          messageFixture('reply', { ts: at(6, 9), thread_id: 'root', msg: 'me' }),
          messageFixture('lone', { ts: at(6, 10), thread_id: 'nowhere', msg: 'to what is gone' }),
        ),
      ],
      {},
      (files) => {
        expect(files.map(({ path }) => path.replace(/^.*\//, ''))).toEqual(['2026-03-05.rsmf', '2026-03-06.rsmf']);
        const [, second] = files.map(({ manifest }) => manifest.events);
        expect(second?.map(({ id, parent }) => [id, parent])).toEqual([
          ['root', undefined],
          ['reply', 'root'],
          ['lone', undefined],
        ]);
        expect(second?.[0]?.custom).toContainEqual({ name: 'context', value: 'true' });
        expect(files[1]?.headers['Date']).toBe('Fri, 06 Mar 2026 09:00:00 +0000');
      },
    ));

  it('counts days in the zone, and shows edits, deletions, reactions and who joined', () =>
    written(
      [
        run(
          messageFixture('late', {
            ...{ ts: at(5, 23), msg: 'old', text: 'old' },
            reactions: [{ emoji: ':tada:', unicode: '🎉', count: 1, usernames: ['bob'] }],
          }),
          messageFixture('join', {
            ts: at(5, 22),
            type: 'au',
            is_system: true,
            system_target: 'carla',
            msg: 'carla',
          }),
        ),
        run(
          messageFixture('late', {
            run: 2,
            ts: at(5, 23),
            msg: 'new',
            text: 'new',
            edited_at: at(7, 0),
            edited_by_username: 'ed',
          }),
        ),
        run(messageFixture('late', { run: 3, ts: at(5, 23), op: 'delete', deleted_at: at(8, 0) })),
      ],
      { zone: 'Europe/Berlin' },
      (files) => {
        expect(files.map(({ path }) => path.replace(/^.*\//, ''))).toEqual(['2026-03-05.rsmf', '2026-03-06.rsmf']);
        const [join, late] = files.flatMap(({ manifest }) => manifest.events);
        expect(join).toMatchObject({ type: 'join', participant: 'carla' });
        expect(late).toMatchObject({
          ...{ id: 'late', type: 'message', body: 'new', deleted: true },
          edits: [{ participant: 'ed', previous: 'old', new: 'new' }],
        });
        expect(files[1]?.text).toContain('[deleted]');
      },
    ));

  it('holds the files that the archive has, byte for byte, and a note for others', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      const workspace = fileWorkspace([{ id: 'one', name: 'über "1".txt' }, { id: 'two' }]);
      workspace.removeUpload('two');
      const served = await serveWorkspace(workspace);
      try {
        await runJob(jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], attachments: {} }), here);
      } finally {
        await served.close();
      }
      await writeTranscript(archive, join(folder, 'rsmf'), { format: 'rsmf' });
      const [file] = await filesIn(join(folder, 'rsmf'));
      expect(Object.values(file?.files ?? {})).toEqual(
        expect.arrayContaining(['content of one', '"two.txt" is not in the archive: missing\n']),
      );
      expect(file?.headers['X-RSMF-AttachmentCount']).toBe('2');
      expect(await verifyArchive(archive)).toMatchObject({ differences: [] });
    }));

  longIt('is of nothing but what is asked for, in an empty folder where that is nothing', async () => {
    const runs: readonly FixtureRun[] = [
      run(
        messageFixture('a', { ts: at(5, 9), username: 'anna', user_id: 'anna' }),
        messageFixture('b', { ts: at(5, 10), username: 'bob', user_id: 'bob' }),
      ),
    ];
    await written(runs, { selection: { users: new Set(['bob']) } }, ([file]) => {
      expect(file?.manifest.events.map(({ id }) => id)).toEqual(['b']);
    });
    await inTemporaryFolder(async (folder) => {
      await publishFixture(nodeDisk, join(folder, 'archive'), runs);
      const none = { format: 'rsmf' as const, selection: { sinceMs: Date.parse('2030-01-01') } };
      await writeTranscript(join(folder, 'archive'), join(folder, 'rsmf'), none);
      expect(await nodeDisk.list(join(folder, 'rsmf'))).toEqual([]);
    });
  });
});
