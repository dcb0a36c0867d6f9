import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBDateValue } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { writeViews } from '../../src/views/write-views.ts';
import { chattyArchive, type Said } from '../support/archives/chatty-archive.ts';
import { publishFixture } from '../support/archives/revised-archive.ts';
import { DuckDbReader } from '../support/sinks/duckdb-reader.ts';
import { fenced, textOf } from './documents.ts';

const world = chattyArchive();
const written = world.messages.filter(({ isSystem }) => !isSystem);

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const dayOf = (ts: Date): string => ts.toISOString().slice(0, 10);
/** Monday of the week, in UTC. */
function weekOf(ts: Date): string {
  const days = Math.floor(ts.getTime() / 86_400_000);
  // 1970-01-01 was a Thursday.
  return dayOf(new Date((days - ((days + 3) % 7)) * 86_400_000));
}

function counts<Key extends string>(keys: readonly Key[]): ReadonlyMap<Key, number> {
  const found = new Map<Key, number>();
  for (const key of keys) found.set(key, (found.get(key) ?? 0) + 1);
  return found;
}

/** Rows `[key, count]` of texts that stand for several cells, by their cells. */
const countedRows = (keys: readonly string[]): readonly (readonly unknown[])[] =>
  [...counts(keys)].map(([key, count]) => [...(JSON.parse(key) as readonly unknown[]), count]);

const sorted = (rows: readonly (readonly unknown[])[]): readonly (readonly unknown[])[] =>
  rows.toSorted((a, b) => byText(JSON.stringify(a), JSON.stringify(b)));

function firstReplyMs(question: Said): readonly number[] {
  const replies = written.filter(({ thread, user }) => thread === question.id && user !== question.user);
  return replies.length === 0 ? [] : [Math.min(...replies.map(({ ts }) => ts.getTime())) - question.ts.getTime()];
}

function median(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = (ordered.length - 1) / 2;
  return ((ordered[Math.floor(middle)] ?? 0) + (ordered[Math.ceil(middle)] ?? 0)) / 2;
}

/** The answer to each question, by its first words, from what was said; in any order. */
const truth: Readonly<Record<string, () => readonly (readonly unknown[])[]>> = {
  'messages a day and room': () => countedRows(written.map(({ ts, room }) => JSON.stringify([dayOf(ts), room, room]))),
  'response time in threads': () =>
    ['r0', 'r1', 'r2'].map((room) => {
      const times = world.messages.filter((message) => message.room === room).flatMap(firstReplyMs);
      return [room, times.length, median(times) / 1000];
    }),
  'who mentions whom': () =>
    countedRows(world.messages.flatMap(({ user, mentions }) => mentions.map((other) => JSON.stringify([user, other])))),
  'emoji use': () => {
    const reactions = counts(world.messages.flatMap((message) => message.reactions.map(({ emoji }) => emoji)));
    const texts = counts(world.messages.flatMap(({ emoji }) => emoji));
    return [...new Set([...reactions.keys(), ...texts.keys()])].map((emoji) => [
      emoji,
      reactions.get(emoji) ?? 0,
      texts.get(emoji) ?? 0,
    ]);
  },
  'weekly active users': () =>
    [...new Set(written.map(({ ts }) => weekOf(ts)))].map((week) => [
      week,
      new Set(written.filter(({ ts }) => weekOf(ts) === week).map(({ user }) => user)).size,
    ]),
  'edits and deletions over time': () => {
    const edits = counts(world.edits.map(dayOf));
    const deletions = counts(world.deletions.map(dayOf));
    const days = [...new Set([...edits.keys(), ...deletions.keys()])];
    return days.map((day) => [day, edits.get(day) ?? 0, deletions.get(day) ?? 0]);
  },
  'thread depth': () => {
    const replies = counts(world.messages.flatMap(({ thread }) => thread ?? []));
    return [...counts([...replies.values()].map(String))].map(([depth, threads]) => [Number(depth), threads]);
  },
  'attachments by type': () => {
    const all = world.messages.flatMap(({ attachments }) => attachments);
    return [...counts(all.map(({ mimeType }) => mimeType ?? 'quote'))].map(([type, count]) => {
      const sizes = all.filter(({ mimeType }) => (mimeType ?? 'quote') === type).flatMap((one) => one.sizeBytes ?? []);
      return [type, count, sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0)];
    });
  },
  'unanswered mentions': () =>
    world.messages.flatMap(({ id, room, ts, user, mentions }) =>
      mentions
        .filter((other) => other !== user)
        .filter((other) => !written.some((later) => later.room === room && later.user === other && later.ts > ts))
        .map((other) => [other, room, ts.getTime(), id]),
    ),
  'hours of the day in a time zone': () => {
    const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: 'numeric', hourCycle: 'h23' });
    return [...counts(written.map(({ ts }) => hour.format(ts)))].map(([at, count]) => [Number(at), count]);
  },
  'retention by cohort': () => {
    const weeksOf = (user: string): readonly string[] =>
      [...new Set(written.filter((message) => message.user === user).map(({ ts }) => weekOf(ts)))].sort();
    return countedRows(
      [...new Set(written.map(({ user }) => user))].flatMap((user) => {
        const [cohort = '', ...others] = weeksOf(user);
        return [cohort, ...others].map((week) =>
          JSON.stringify([cohort, Math.round((Date.parse(week) - Date.parse(cohort)) / (7 * 86_400_000))]),
        );
      }),
    );
  },
  'top links': () =>
    [...counts(world.messages.flatMap(({ links }) => links))].map(([url, times]) => [
      url,
      times,
      world.messages.filter(({ links }) => links.includes(url)).length,
    ]),
  'bots against people': () =>
    [false, true].map((isBot) => [isBot, written.filter(({ user }) => world.bots.has(user) === isBot).length]),
  'members of a channel over time': () =>
    world.members.flatMap((rooms, at) =>
      Object.entries(rooms).flatMap(([room, members]) =>
        members.length === 0 ? [] : [[at + 1, room, members.length]],
      ),
    ),
  'a phrase': () =>
    world.messages
      .filter(({ text }) => /rolled\s+back/i.test(text))
      .map(({ ts, room, user, id, text }) => [ts.getTime(), room, user, id, text]),
};

const questions = fenced(textOf('docs/analytics.md'), 'sql').flatMap((sql) => {
  const [, name] = /^-- ([^:,;\n]+)/.exec(sql) ?? [];
  return name === undefined ? [] : [{ name, sql }];
});

const jobs = join(import.meta.dirname, '../../jobs');
const jobTexts = readdirSync(jobs).map((name) => readFileSync(join(jobs, name), 'utf8'));
const jobQueries = jobTexts.flatMap((text) => [...text.matchAll(/\bselect\s[^"`\n]+/gi)].map(([sql]) => sql));

describe('the questions of docs/analytics.md', () => {
  let folder: string;
  let duckDb: DuckDbReader;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'questions-'));
    await publishFixture(nodeDisk, folder, world.runs);
    await writeViews(nodeDisk, folder, (view, error) => {
      throw new Error(view, { cause: error });
    });
    duckDb = await DuckDbReader.open();
    await duckDb.query(`SET file_search_path = '${folder}'`);
    // An answer must not depend on where its reader is.
    await duckDb.query("SET TimeZone = 'Pacific/Auckland'");
    await duckDb.query(await readFile(join(folder, '_view/schema/views.sql'), 'utf8'));
  });
  afterAll(async () => {
    duckDb.close();
    await rm(folder, { recursive: true });
  });

  it('are those that there is a truth for', () =>
    expect(questions.map(({ name }) => name)).toEqual(Object.keys(truth)));

  it.each(questions)('$name: is answered as it was', async ({ name, sql }) => {
    const rows = (await duckDb.query(sql)).map((row) => Object.values(row).map(plain));
    const expected = truth[name]?.() ?? [];
    expect(expected.length).toBeGreaterThan(1);
    expect(sorted(rows)).toEqual(sorted(expected));
  });

  it('of jobs/ is answered as it was, too: a person who took a reaction back is not counted', async () => {
    expect(jobQueries).toHaveLength(1);
    const rows = (await duckDb.query(jobQueries[0] ?? '')).map((row) => Object.values(row));
    const reacted = world.messages.flatMap(({ reactions }) => reactions.map(({ username }) => username));
    expect(sorted(rows.map(([name, count]) => [name, Number(count)]))).toEqual(sorted([...counts(reacted)]));
  });

  it('are answered otherwise by the tables themselves, which hold every version', async () => {
    const [row] = await duckDb.query('SELECT count(*) AS n FROM messages');
    expect(Number(row?.['n'])).toBeGreaterThan(world.messages.length + 20);
    expect(world.deletedInPlace).toBeGreaterThan(3);
    expect(await duckDb.query('SELECT count(*) AS n FROM latest_messages')).toEqual([
      { n: world.messages.length + world.deletedInPlace },
    ]);
  });
});

/** A date as its text. */
function plain(value: unknown): unknown {
  return value instanceof DuckDBDateValue ? value.toString() : value;
}
