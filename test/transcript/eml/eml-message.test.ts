import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { emlMessage } from '../../../src/transcript/eml/eml-message.ts';
import { Names } from '../../../src/transcript/read/names.ts';
import type { RsmfUnit } from '../../../src/transcript/rsmf/rsmf-unit.ts';
import { writeTranscript, type TranscriptOptions } from '../../../src/transcript/write-transcript.ts';
import { publishFixture, type FixtureRun } from '../../support/archives/revised-archive.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { evilTexts, hostileRuns } from '../../support/transcripts/hostile-runs.ts';
import { messageFixture } from '../../support/transcripts/message-fixture.ts';
import { fileWorkspace } from '../../support/workspaces/file-workspace.ts';

const inFolder = temporaryFolder();

/** What Python's library for mail, which shares no code with ours, finds in each. */
const reader = `
import email, email.policy, json, sys
for path in sys.stdin.read().split('\\n'):
    bytes = open(path, 'rb').read()
    mail = email.message_from_bytes(bytes, policy=email.policy.default)
    print(json.dumps({
        'path': path,
        'defects': [str(one) for part in mail.walk() for one in part.defects] + [str(one) for value in mail.values() for one in value.defects],
        'longest': max(len(line) for line in bytes.split(b'\\r\\n')),
        'bare': bytes.replace(b'\\r\\n', b'').count(b'\\n') + bytes.replace(b'\\r\\n', b'').count(b'\\r'),
        'eight': sum(1 for byte in bytes if byte > 127),
        'headers': {name: str(value) for name, value in mail.items()},
        'to': [str(one.addr_spec) for one in mail['To'].addresses],
        'text': mail.get_body(('plain',)).get_content().replace('\\r\\n', '\\n'),
        'html': mail.get_body(('html',)).get_content(),
        'files': [[one.get_filename(), one.get_content_type(), one.get_content().decode()] for one in mail.iter_attachments()],
    }))
`;

interface Mail {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly to: readonly string[];
  readonly text: string;
  readonly html: string;
  readonly files: readonly (readonly [name: string, type: string, content: string])[];
}

/** Reads the mails of a folder, each of which has to be without a defect. */
async function mailsIn(folder: string): Promise<readonly Mail[]> {
  const paths: string[] = [];
  for await (const { path } of walkFiles(nodeDisk, folder)) paths.push(path);
  const input = paths.toSorted().join('\n');
  const lines = execFileSync('python3', ['-c', reader], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { defects, longest, bare, eight, ...mail } = JSON.parse(line) as Mail & Readonly<Record<string, unknown>>;
      expect({ defects, bare, eight }).toEqual({ defects: [], bare: 0, eight: 0 });
      expect(Number(longest)).toBeLessThan(998);
      return { ...mail, path: mail.path.slice(folder.length + 1) };
    });
}

async function written(name: string, runs: readonly FixtureRun[], options: TranscriptOptions = {}): Promise<string> {
  const [archive, output] = [inFolder(name, 'archive'), inFolder(name, 'eml')];
  if ((await nodeDisk.list(archive)) === undefined) await publishFixture(nodeDisk, archive, runs);
  await writeTranscript(archive, output, { ...options, format: 'eml' });
  return output;
}

const at = (day: number, hour: number): Date => new Date(Date.UTC(2026, 2, day, hour));

describe('an archive as mails', () => {
  it('has one without defects for each room and day, whatever its fields hold, with the same bytes each time', async () => {
    const first = await written('hostile', hostileRuns());
    await nodeDisk.rename(first, inFolder('hostile', 'first'));
    const second = await written('hostile', []);
    const mails = await mailsIn(second);
    expect(mails.length).toBeGreaterThan(1);
    for (const { path } of mails)
      expect(await readFile(join(second, path))).toEqual(await readFile(inFolder('hostile', 'first', path)));
    const [evil = ''] = evilTexts;
    expect(mails.map(({ text }) => text).join('')).toContain(evil);
    for (const { html } of mails) {
      expect(html).not.toContain(evil);
      expect(html).not.toMatch(/<(?:script|img|iframe|svg|meta http)/);
    }
  });

  it('shows who wrote when, edits, deletions, reactions and threads, and all mails of a room are one thread', async () => {
    const rows = [
      messageFixture('root', {
        ts: at(5, 23),
        msg: 'who?',
        reactions: [{ emoji: ':tada:', count: 1, usernames: ['bo'] }],
      }),
      messageFixture('reply', { ts: at(6, 9), thread_id: 'root', msg: 'me' }),
    ];
    const later = [
      messageFixture('root', {
        run: 2,
        ts: at(5, 23),
        msg: 'who comes?',
        edited_at: at(7, 0),
        edited_by_username: 'ed',
      }),
      messageFixture('reply', { run: 2, ts: at(6, 9), op: 'delete', msg: null, deleted_at: at(8, 0) }),
    ];
    const runs = [{ tables: { messages: { first: rows } } }, { tables: { messages: { revising: later } } }];
    const [first, second] = await mailsIn(await written('shown', runs, { zone: 'UTC' }));
    expect([first?.path, second?.path]).toEqual(
      ['2026-03-05.eml', '2026-03-06.eml'].map((name) => `roomroomroomroom1/${name}`),
    );
    expect(first?.headers).toMatchObject({
      ...{ From: 'Anna <anna@users.invalid>', Subject: 'Ops 2026-03-05', Date: 'Thu, 05 Mar 2026 23:00:00 +0000' },
      ...{ 'X-RocketChat-Messages': '1', 'X-RocketChat-Room': 'roomroomroomroom1', 'Thread-Topic': 'Ops' },
    });
    expect(first?.to).toEqual(['anna@users.invalid', 'ed@users.invalid']);
    expect(first?.text).toContain('RC-00000001  2026-03-05T23:00:00.000Z  Anna (anna)  [edited]\nwho comes?\n');
    expect(first?.text).toContain('  [before it was changed by ed at 2026-03-07T00:00:00.000Z: who?]');
    expect(second?.text).toContain('[deleted 2026-03-08T00:00:00.000Z]  [in the thread of RC-00000001]\nme\n');
    expect(second?.text).toContain('[context]');
    expect(second?.html).toContain('<del><p class="plain" dir="auto">me</p></del>');
    const ids = [first, second].map((mail) => mail?.headers['Message-ID']);
    expect(new Set(ids).size).toBe(2);
    expect(first?.headers['References']).toBe(second?.headers['References']);
    expect(ids).not.toContain(first?.headers['In-Reply-To']);
  });

  it('holds the files that the archive has, under their names, and says of others why not', async () => {
    const archive = inFolder('files', 'archive');
    const workspace = fileWorkspace([{ id: 'one', name: `über "1" ${'x'.repeat(120)}.txt` }, { id: 'two' }]);
    workspace.removeUpload('two');
    const served = await serveWorkspace(workspace);
    try {
      await runJob(jobFor(served.url, archive, { extract: [{ rooms: ['*'] }], attachments: {} }), here);
    } finally {
      await served.close();
    }
    const [mail] = await mailsIn(await written('files', []));
    expect(mail?.files.map(([, , content]) => content)).toEqual(['content of one']);
    expect(mail?.files[0]?.[0]).toMatch(/^one-.*über.*x{50}.*\.txt$/);
    expect(mail?.text).toContain('"two.txt" is not in the archive: missing');
  });

  it('gives a file no type that a program for mails would open', async () => {
    const unit: RsmfUnit = {
      ...{ roomId: 'r', day: '2026-03-05', part: 1 },
      events: [
        {
          ...{ id: 'a', type: 'message', participant: 'a', conversation: 'r', timestamp: at(5, 9).toISOString() },
          ...{ body: 'a', custom: [] },
        },
      ],
      files: ['message/rfc822', 'text/html', 'image/png\r\nX: y', 'image/png', null].map((mimeType, index) => ({
        ...{ name: `f${index}`, path: 'p', sha256: '0', sizeBytes: 1, mimeType },
      })),
    };
    const empty = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('x'));
    };
    const parts: Uint8Array[] = [];
    for await (const part of emlMessage(unit, empty, { names: new Names(), zone: 'UTC' })) parts.push(part);
    const types = Buffer.concat(parts)
      .toString()
      .match(/Content-Type: (?:application|image|message|text\/html\r)\S*/g);
    expect(types).toEqual(
      ['application/octet-stream', 'application/octet-stream', 'application/octet-stream', 'image/png']
        .concat('application/octet-stream')
        .map((type) => `Content-Type: ${type}`),
    );
  });
});
