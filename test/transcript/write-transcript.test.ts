import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../src/errors.ts';
import type { Row } from '../../src/model/column.ts';
import { requestHtml } from '../../src/transcript/page/request-html.ts';
import { messagesPerPage } from '../../src/transcript/layout/page-cut.ts';
import { writeTranscript } from '../../src/transcript/write-transcript.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { fixtureRow, type FixtureRun } from '../support/archives/revised-archive.ts';
import { messageFixture as message } from '../support/transcripts/message-fixture.ts';
import { transcriptOf } from '../support/transcripts/transcript-pages.ts';
import { inTemporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const room = 'roomroomroomroom1';
const run = (first: readonly Row[], revising: readonly Row[] = []): FixtureRun => ({
  tables: { messages: { first, revising } },
});
const at = (time: string): { readonly ts: Date } => ({ ts: new Date(time) });

/** The articles of a page by the message's anchor, with the tags taken out. */
function articles(page: string | undefined): Readonly<Record<string, string>> {
  const found = (page ?? '').matchAll(/<article class="([^"]*)" id="m-([^"]*)"[^>]*>([\s\S]*?)<\/article>/g);
  return Object.fromEntries(
    [...found].map(([, kinds = '', id = '', inner = '']) => [
      id.replace(/-[0-9a-f]{16}$/, ''),
      `${kinds}: ${inner
        .replaceAll(/<[^>]*>/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim()}`,
    ]),
  );
}

describe('a transcript', () => {
  it('shows each message with its author, number and time, room by month, oldest first', async () => {
    const files = await transcriptOf([
      run([message('b', at('2026-03-31T22:30:00Z')), message('a', at('2026-03-01T12:00:00Z'))]),
    ]);
    expect(Object.keys(files)).toEqual([
      ...['START-HERE.html', `${room}/2026-03.html`, `${room}/index.html`, 'search.html'],
      ...['search/index.js', 'search/search.js', 'search/texts-0-0.js', 'search/words-0-0.js', 'style.css'],
    ]);
    expect(Object.entries(articles(files[`${room}/2026-03.html`]))).toEqual([
      ['a', 'message: RC-000000022026-03-01 12:00:00 UTC Anna @anna a'],
      ['b', 'message: RC-000000012026-03-31 22:30:00 UTC Anna @anna b'],
    ]);
  });

  it('begins days and months at midnight in the zone, and gives every time in both', async () => {
    const files = await transcriptOf([run([message('b', at('2026-03-31T22:30:00Z'))])], { zone: 'Europe/Berlin' });
    const page = files[`${room}/2026-04.html`];
    expect(page).toContain('<h2>2026-04-01</h2>');
    expect(articles(page)['b']).toContain('2026-04-01 00:30:00 +02:002026-03-31 22:30:00 UTC');
  });

  it('gives the same bytes each time, of every format, and after a compaction', async () => {
    const rows = Array.from({ length: 40 }, (_, index) => message(`m${index}`, at(`2026-03-01T12:${10 + index}:00Z`)));
    const later = [message('m3', { msg: 'edited', run: 2, edited_at: new Date('2026-03-02T00:00:00Z') })];
    const runs = (format: 'csv' | 'jsonl' | 'parquet'): readonly FixtureRun[] => [
      { ...run(rows), sinks: [{ format }] },
      { ...run([message('n', { run: 2 })], later), sinks: [{ format }] },
    ];
    const pages = async (...parameters: Parameters<typeof transcriptOf>): Promise<Readonly<Record<string, string>>> => {
      // These two name the newest manifest.
      const { 'START-HERE.html': cover, 'search/index.js': index, ...rest } = await transcriptOf(...parameters);
      expect(index).toContain('"messages":42');
      expect(cover).toContain('42');
      return rest;
    };
    const first = await pages(runs('parquet'));
    for (const format of quickOrLong(['csv'] as const, ['parquet', 'jsonl', 'csv'] as const))
      expect(await pages(runs(format))).toEqual(first);
    expect(await pages(runs('jsonl'), {}, (archive) => compactHere(archive))).toEqual(first);
  });

  longIt('cuts a month behind a fixed number of messages, and links the parts', async () => {
    const rows = Array.from({ length: messagesPerPage + 1 }, (_, index) =>
      message(`m${String(index).padStart(4, '0')}`),
    );
    const files = await transcriptOf([run(rows)]);
    const [first, second] = [files[`${room}/2026-03.html`], files[`${room}/2026-03-2.html`]];
    expect(Object.keys(articles(first))).toHaveLength(messagesPerPage);
    expect(Object.keys(articles(second))).toEqual([`m${String(messagesPerPage).padStart(4, '0')}`]);
    expect(first).toContain('<a rel="next" href="2026-03-2.html">');
    expect(second).toContain('<span class="turns"> <a rel="prev" href="2026-03.html">');
  });

  it('keeps pages below a megabyte, but for a message that is longer', async () => {
    const rows = Array.from({ length: 30 }, (_, index) =>
      message(`m${index}`, { msg: ['<"&', '@a ', '`a` '][index % quickOrLong(1, 3)]?.repeat(5_000) ?? '' }),
    );
    const files = await transcriptOf([run([...rows, message('z', { msg: 'x'.repeat(1_200_000) })])]);
    const pages = Object.entries(files).filter(([path]) => path.endsWith('.html'));
    const sizes = pages.map(([path, text]) => [path, Buffer.byteLength(text)] as const);
    expect(sizes.filter(([, size]) => size > 1_000_000)).toHaveLength(1);
    expect(Object.values(files).flatMap((page) => Object.keys(articles(page)))).toHaveLength(31);
  });
});

describe('what became of a message', () => {
  it('is shown version by version: what the server kept, and what earlier runs read', async () => {
    const kept = fixtureRow('message_versions', {
      ...message('v1', { msg: 'first words', edited_at: new Date('2026-03-01T12:05:00Z'), edited_by_username: 'anna' }),
      ...{ version_id: 'v1', message_id: 'a' },
    });
    const second = { msg: 'second words', edited_at: new Date('2026-03-01T12:05:00Z'), edited_by_username: 'anna' };
    const third = { msg: 'third words', edited_at: new Date('2026-03-03T12:00:00Z'), edited_by_username: 'bo', run: 2 };
    const files = await transcriptOf([
      { tables: { messages: { first: [message('a', second)] }, message_versions: { first: [kept] } } },
      run([], [message('a', third)]),
    ]);
    const page = files[`${room}/2026-03.html`] ?? '';
    expect(articles(page)['a']).toContain('third words Edited 2026-03-03 12:00:00 UTC by @bo: 3 versions');
    expect(page).toContain('<del><span class="aside">[removed: </span>first<span class="aside">]</span></del>');
    expect(page).toContain('<ins><span class="aside">[added: </span>third<span class="aside">]</span></ins>');
    expect(page.indexOf('first words')).toBeLessThan(page.indexOf('[added: </span>second'));
  });

  it('is said to be unknown where the archive has no earlier text', async () => {
    const edited = message('a', { edited_at: new Date('2026-03-01T12:05:00Z'), edited_by_username: 'anna' });
    const page = (await transcriptOf([run([edited])]))[`${room}/2026-03.html`];
    expect(articles(page)['a']).toContain('What it said before is not in the archive.');
  });

  it('is struck through when it is gone, with the time that the server reports', async () => {
    const gone = message('a', {
      msg: null,
      username: null,
      op: 'delete',
      run: 2,
      deleted_at: new Date('2026-03-04T00:00:00Z'),
    });
    const page = (await transcriptOf([run([message('a', { msg: 'secret plan' })]), run([], [gone])]))[
      `${room}/2026-03.html`
    ];
    expect(articles(page)['a']).toMatch(
      /^message deleted: .*Deleted 2026-03-04 00:00:00 UTC, by whom the server does not say\. Run 2/,
    );
    expect(page).toMatch(/<del class="gone"><div class="text"><p[^>]*>secret plan/);
  });

  it('names who removed it where the server left a line in its place', async () => {
    const removed = { type: 'rm', is_system: true, msg: '', edited_at: new Date('2026-03-02T00:00:00Z') };
    const page = (
      await transcriptOf([
        run([message('a', { msg: 'words' })]),
        run([], [message('a', { ...removed, edited_by_username: 'mod', run: 2 })]),
      ])
    )[`${room}/2026-03.html`];
    expect(articles(page)['a']).toContain('Deleted 2026-03-02 00:00:00 UTC by @mod');
    expect(page).toMatch(/<del class="gone"><div class="text"><p[^>]*>words/);
  });
});

describe('a thread', () => {
  const rows = [
    message('root', { thread_count: 2 }),
    message('between', at('2026-03-02T00:00:00Z')),
    message('reply1', { ...at('2026-03-03T00:00:00Z'), thread_id: 'root' }),
    message('reply2', { ...at('2026-05-03T00:00:00Z'), thread_id: 'root', username: 'bo', user_id: 'u2' }),
  ];

  it('stands in the room where it was written, and whole on a page of its own', async () => {
    const files = await transcriptOf([run(rows)]);
    const [name = ''] = Object.keys(files).filter((path) => path.includes('/thread-'));
    expect(Object.keys(articles(files[name]))).toEqual(['root', 'reply1', 'reply2']);
    expect(Object.keys(articles(files[`${room}/2026-03.html`]))).toEqual(['root', 'between', 'reply1']);
    expect(articles(files[`${room}/2026-03.html`])['reply1']).toContain('in the thread of RC-00000001 · whole thread');
    expect(files[`${room}/2026-05.html`]).toContain(`href="${name.split('/')[1] ?? ''}"`);
  });

  it('is not cut from its first message by a filter, and numbers stay', async () => {
    const files = await transcriptOf([run(rows)], { selection: { users: new Set(['bo']) } });
    const [name = ''] = Object.keys(files).filter((path) => path.includes('/thread-'));
    expect(Object.keys(articles(files[name]))).toEqual(['root', 'reply2']);
    expect(articles(files[`${room}/2026-05.html`])['reply2']).toContain('RC-00000004');
    expect(files[`${room}/2026-03.html`]).toBeUndefined();
  });
});

describe('a part of an archive', () => {
  const rows = Array.from({ length: 9 }, (_, index) =>
    message(`m${index}`, { ...at(`2026-03-0${index + 1}T00:00:00Z`), username: index === 4 ? 'bo' : 'anna' }),
  );

  it('of a user whom no row names is refused, with the name that is near', async () => {
    const refused = transcriptOf([run(rows)], { selection: { users: new Set(['bo', 'anne']) } });
    await expect(refused).rejects.toThrow('Unknown user "anne": no row of the archive has that id or name');
    await expect(refused).rejects.toMatchObject({ hint: 'Did you mean "anna"?' });
  });

  longIt(
    'of a user who sent nothing, or of a time without messages, says on its first page that it is empty',
    async () => {
      const users = {
        users: { first: [fixtureRow('users', { user_id: 'u9', username: 'quiet', op: 'upsert', run: 1 })] },
      };
      const messages = { messages: { first: rows } };
      for (const selection of [{ users: new Set(['quiet']) }, { sinceMs: Date.parse('2030-01-01') }]) {
        const { 'START-HERE.html': cover } = await transcriptOf([{ tables: { ...messages, ...users } }], { selection });
        expect(cover).toContain('No message of the archive is what was asked for');
      }
      const { 'START-HERE.html': whole } = await transcriptOf([run(rows)]);
      expect(whole).not.toContain('No message of the archive');
    },
  );

  it('has the context that was asked for, marked as such', async () => {
    const files = await transcriptOf([run(rows)], { selection: { users: new Set(['bo']) }, context: 2 });
    const shown = articles(files[`${room}/2026-03.html`]);
    expect(Object.keys(shown)).toEqual(['m2', 'm3', 'm4', 'm5', 'm6']);
    expect(shown['m3']).toMatch(/^message context: /);
    expect(shown['m4']).toMatch(/^message: /);
    expect(files['START-HERE.html']).toContain('messages of bo');
  });

  it('begins with since, and ends before until', async () => {
    const selection = { sinceMs: Date.parse('2026-03-03T00:00:00Z'), untilMs: Date.parse('2026-03-05T00:00:00Z') };
    const files = await transcriptOf([run(rows)], { selection });
    expect(Object.keys(articles(files[`${room}/2026-03.html`]))).toEqual(['m2', 'm3']);
  });

  it('is of the rooms that are named, by id, name or title; another name is an error', async () => {
    const other = message('o', { room_id: 'otherotherother01', room_name: 'dev', room_title: 'Dev team' });
    for (const [name, path] of [
      ['Dev team', 'otherotherother01'],
      ['ops', room],
      [room, room],
    ] as const) {
      const files = await transcriptOf([run([...rows, other])], { rooms: [name] });
      expect(Object.keys(files).map((file) => file.split('/')[0])).toEqual(
        expect.arrayContaining(['START-HERE.html', path, 'style.css']),
      );
      expect(Object.keys(files).filter((file) => file.endsWith('index.html'))).toEqual([`${path}/index.html`]);
    }
    await expect(transcriptOf([run(rows)], { rooms: ['nowhere'] })).rejects.toThrow(UsageError);
  });
});

describe('what stands in messages', () => {
  it('is text in every field, and no name leaves the folder', async () => {
    const evil = '"><script>alert(1)</script>';
    const row = message(`../../${evil}`, {
      ...{ room_id: `../${evil}`, room_name: evil, room_title: evil, username: evil, user_id: evil, user_name: evil },
      ...{
        alias: evil,
        msg: evil,
        edited_at: new Date(0),
        edited_by_username: evil,
        discussion_id: evil,
        thread_id: evil,
      },
      reactions: [{ emoji: evil, count: 2, usernames: [evil] }],
      attachments: ['file', 'image', 'quote', 'rich', 'removed', evil].map((kind) => ({
        ...{ kind, title: evil, author: evil, text: evil, url: 'javascript:alert(1)', urls: [] },
        ...{ mime_type: evil, size_bytes: 1, file_id: evil },
      })),
    });
    const files = await transcriptOf([run([row, message('b', { type: evil, is_system: true, msg: evil })])]);
    for (const [path, page] of Object.entries(files)) {
      if (!path.endsWith('.html')) continue;
      expect(path).toMatch(/^[\w./-]+$/);
      // The page of the search holds no word of the archive, and one script.
      const others = path === 'search.html' ? page.replace('<script src="search/search.js" defer></script>', '') : page;
      expect(others).not.toMatch(/<script|javascript:|href="(?!https?:|mailto:|#|[\w./-]+(?:#[\w-]+)?")/);
      expect(page).toContain('http-equiv="Content-Security-Policy"');
    }
    expect(Object.keys(files).filter((path) => path.endsWith('index.html'))).toHaveLength(2);
  });

  it('links a quote to the message that it quotes', async () => {
    const quote = {
      ...{ kind: 'quote', title: 'anna', author: 'anna', text: 'a', urls: [], mime_type: null, size_bytes: null },
      ...{ file_id: null, url: 'https://chat.example.org/group/ops?msg=aaaaaaaaaaaaaaaaa' },
    };
    const files = await transcriptOf([
      run([message('aaaaaaaaaaaaaaaaa'), message('b', { ...at('2026-05-01T00:00:00Z'), attachments: [quote] })]),
    ]);
    expect(files[`${room}/2026-05.html`]).toContain('<a href="2026-03.html#m-aaaaaaaaaaaaaaaaa">RC-00000001</a>');
  });

  it('may be nothing: columns that a job dropped', async () => {
    const files = await transcriptOf([
      {
        ...run([message('a')]),
        without: ['msg', 'text', 'username', 'user_name', 'reactions', 'attachments', 'room_title'],
      },
    ]);
    expect(articles(files[`${room}/2026-03.html`])['a']).toContain('u1 Without text');
  });
});

describe('the cover', () => {
  it('says what was asked, by whom and on which machine, with all that may be hostile taken for text', () => {
    const shown = requestHtml({
      ...{ host: '<host>', user: null, roles: ['admin'], tables: ['messages'] },
      extract: [
        {
          ...{ rooms: ['ops-*', '!<b>'], scope: 'readable', via: 'messages', filters: { pinned: true } },
          period: { since: '2026-01-01T00:00:00.000Z', until: null },
        },
      ],
    }).source.replaceAll(/<[^>]*>/g, '');
    expect(shown).toContain('an account without a name on &lt;host&gt;');
    expect(shown).toContain(
      'rooms ops-*, !&lt;b&gt;, also rooms that the login can read without having joined, sent 2026-01-01T00:00:00.000Z or later, only those that pass {&quot;pinned&quot;:true}',
    );
    expect(requestHtml(undefined).source).toContain('not recorded');
  });
});

describe('the folder of a transcript', () => {
  it('must be a new one outside the archive', () =>
    inTemporaryFolder(async (folder) => {
      const archive = join(folder, 'archive');
      await mkdir(join(archive, '_manifest'), { recursive: true });
      await expect(writeTranscript(archive, join(archive, 'pages'))).rejects.toThrow(/it is in the archive/);
      await expect(writeTranscript(archive, archive)).rejects.toThrow(/it is in the archive/);
      await mkdir(join(folder, 'there'));
      await expect(writeTranscript(archive, join(folder, 'there'))).rejects.toThrow(/it is there already/);
    }));
});
