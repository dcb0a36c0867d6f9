import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { walkFiles } from '../../src/archive/walk-files.ts';
import type { Row } from '../../src/model/column.ts';
import { purgeArchive } from '../../src/purge/purge-archive.ts';
import { nodeDisk, type Disk } from '../../src/system/disk.ts';
import { keepTranscript } from '../../src/transcript/keep-transcript.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { fixtureRow, publishFixture, type FixtureRun } from '../support/archives/revised-archive.ts';
import { faultDisk } from '../support/disk/fault-disk.ts';
import { inTemporaryFolder, temporaryFolder } from '../support/disk/temporary-folder.ts';
import { quickOrLong } from '../support/quick-or-long.ts';
import { here } from '../support/runs/run-here.ts';
import { messageFixture as message } from '../support/transcripts/message-fixture.ts';
import { lives, runOf, shown, type LifeStep } from '../support/transcripts/transcript-life.ts';
import { firstOfEveryOther } from '../support/every-other.ts';

const longIt = quickOrLong(it.skip, it);

interface Kept {
  readonly zone?: string;
  readonly madeBy?: string;
  readonly disk?: Disk;
}

const pagesOf = (archive: string): string => join(archive, '_view/transcript');

function keep(archive: string, { zone = 'UTC', madeBy = '1', disk = nodeDisk }: Kept = {}): Promise<void> {
  return keepTranscript(disk, archive, { zone, madeBy, signal: new AbortController().signal });
}

async function filesOf(archive: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for await (const { name, path } of walkFiles(nodeDisk, pagesOf(archive)))
    files.set(name, await readFile(path, 'utf8'));
  return files;
}

/** What a transcript of an archive is where there was none before. */
async function wholeOf(archive: string, kept: Kept = {}): Promise<ReadonlyMap<string, string>> {
  return inTemporaryFolder(async (folder) => {
    const copy = join(folder, 'archive');
    await cp(archive, copy, { recursive: true });
    await rm(join(copy, '_view'), { recursive: true, force: true });
    await keep(copy, kept);
    return filesOf(copy);
  });
}

/** The real disk, and which files of pages were written by it. */
function watching(): { readonly disk: Disk; readonly written: () => readonly string[] } {
  const written: string[] = [];
  const disk: Disk = {
    ...nodeDisk,
    open: (path, mode) => {
      const [, name] = path.split('/transcript.tmp/pages/');
      if (name !== undefined) written.push(name);
      return nodeDisk.open(path, mode);
    },
  };
  return { disk, written: () => written.toSorted() };
}

const at = (time: string): { readonly ts: Date } => ({ ts: new Date(time) });
const [room, otherRoom, thread] = ['roomroomroomroom1', 'otherotherother01', 'threadthreadthrea'];
const firstRun: FixtureRun = {
  tables: {
    messages: {
      first: [
        message('a', {
          ...at('2026-01-01T00:00:00Z'),
          attachments: [
            shown('quote', 'https://chat.example.org/group/x?msg=quotedquotedquote', null),
            shown('file', null, 'file1'),
          ],
          discussion_id: 'discussiondiscus1',
        }),
        message('b', { ...at('2026-02-01T00:00:00Z'), reactions: [{ emoji: ':a:', count: 1, usernames: ['bo'] }] }),
        message(thread, { ...at('2026-03-01T00:00:00Z'), room_id: otherRoom, room_title: 'Other' }),
        message('d', { ...at('2026-03-02T00:00:00Z'), room_id: otherRoom, room_title: 'Other', thread_id: thread }),
      ],
    },
  },
};
const always = ['START-HERE.html', 'made.jsonl', 'search/index.js'];

describe('a transcript that is kept', () => {
  const firstKept = temporaryFolder();
  beforeAll(async () => {
    await publishFixture(nodeDisk, firstKept(), [firstRun]);
    await keep(firstKept());
  });
  const grown = (rows: readonly Row[], files: readonly Row[] = [], isCompared = true): Promise<readonly string[]> =>
    inTemporaryFolder(async (archive) => {
      await cp(firstKept(), archive, { recursive: true });
      await publishFixture(
        nodeDisk,
        archive,
        [{ tables: { messages: { revising: rows }, ...(files.length > 0 && { files: { first: files } }) } }],
        1,
      );
      const { disk, written } = watching();
      await keep(archive, { disk });
      if (isCompared) expect(await filesOf(archive)).toEqual(await wholeOf(archive));
      return written();
    });
  /** For what is told by one page that is written: in the quick suite the others are not looked at. */
  const ofOnePage = (rows: readonly Row[]): Promise<readonly string[]> =>
    grown(rows, [], quickOrLong<boolean>(false, true));

  it('writes the pages only that a run has changed', async () => {
    const shards = ['search/texts-0-0.js', 'search/words-0-0.js'];
    const added = message('e', { ...at('2026-02-02T00:00:00Z'), run: 2 });
    expect(await grown([added])).toEqual(
      [...always, `${room}/2026-02.html`, `${room}/index.html`, ...shards].toSorted(),
    );
    const other = { run: 2, room_id: otherRoom, room_title: 'Other' };
    const edited = message('d', { ...at('2026-03-02T00:00:00Z'), ...other, thread_id: thread, msg: 'changed' });
    expect(await grown([edited])).toEqual(
      [...always, `${otherRoom}/2026-03.html`, `${otherRoom}/thread-${thread}.html`, ...shards].toSorted(),
    );
    // Only named in a reaction of February.
    const renamed = message('f', { ...at('2026-04-01T00:00:00Z'), ...other, username: 'bo', user_name: 'Bo' });
    expect(await ofOnePage([renamed])).toContain(`${room}/2026-02.html`);
    // Only quoted, shown or led to from January.
    const january = `${room}/2026-01.html`;
    expect(await ofOnePage([message('g', { ...at('2026-05-01T00:00:00Z'), ...other })])).not.toContain(january);
    const quoted = message('quotedquotedquote', { ...at('2026-05-01T00:00:00Z'), ...other });
    expect(await ofOnePage([quoted])).toContain(january);
    expect(await ofOnePage([message('h', { run: 2, room_id: 'discussiondiscus1' })])).toContain(january);
    const saved = { file_id: 'file1', status: 'saved', sha256: 'ab', size_bytes: 1, run: 2, op: 'upsert' };
    expect(await grown([], [fixtureRow('files', saved)])).toEqual([...always, january].toSorted());
    expect(await grown([])).toEqual(always.toSorted());
  });

  it('is made anew where its record, the zone or the program is another, and where a page is not what was written', () =>
    inTemporaryFolder(async (archive) => {
      await publishFixture(nodeDisk, archive, [firstRun]);
      await keep(archive);
      const all = [...(await filesOf(archive)).keys()].toSorted();
      const again = async (kept: Kept = {}): Promise<readonly string[]> => {
        const { disk, written } = watching();
        await keep(archive, { ...kept, disk });
        expect(await filesOf(archive)).toEqual(await wholeOf(archive, kept));
        return written();
      };
      expect(await again({ zone: 'Asia/Tokyo' })).toEqual(all);
      expect(await again({ madeBy: '2' })).toEqual(all);
      expect(await again({ madeBy: '2' })).toEqual(['made.jsonl']);
      for (const text of quickOrLong(['["maker","x"]\n'], ['', '["maker","x"]\n', 'x'])) {
        await writeFile(join(pagesOf(archive), 'made.jsonl'), text);
        expect(await again({ madeBy: '2' })).toEqual(all);
      }
      await rm(join(pagesOf(archive), 'style.css'));
      await writeFile(join(pagesOf(archive), room, '2026-01.html'), '');
      await writeFile(join(pagesOf(archive), room, 'stray.html'), '');
      expect(await again({ madeBy: '2' })).toEqual(['made.jsonl', `${room}/2026-01.html`, 'style.css']);
    }));

  it('keeps no file that somebody changed without changing its size', () =>
    inTemporaryFolder(async (archive) => {
      await publishFixture(nodeDisk, archive, [firstRun]);
      await keep(archive);
      for (const name of [`${room}/2026-01.html`, 'search/texts-0-0.js', 'style.css']) {
        const path = join(pagesOf(archive), name);
        const text = await readFile(path, 'utf8');
        await writeFile(
          path,
          text.replace(/[a-z](?=[^a-z]*$)/, (letter) => (letter === 'x' ? 'y' : 'x')),
        );
        await keep(archive);
        expect(await readFile(path, 'utf8')).toBe(text);
      }
    }));

  longIt('is what a new one would be, whatever became of the archive', async () => {
    await fc.assert(
      fc.asyncProperty(lives(quickOrLong(3, 9)), (steps) =>
        inTemporaryFolder(async (archive) => {
          const world = { links: 1, zone: 'UTC', madeBy: '1' };
          await publishFixture(nodeDisk, archive, [runOf(start, 1)]);
          await keep(archive);
          for (const step of steps) {
            await live(archive, step, world);
            await keep(archive, world);
          }
          expect(await filesOf(archive)).toEqual(await wholeOf(archive, world));
        }),
      ),
      { numRuns: quickOrLong(2, 30) },
    );
  });

  it('that was cut at any step is the one before, or is nothing until it is made anew', () =>
    inTemporaryFolder(async (folder) => {
      const [archive, cut] = [join(folder, 'archive'), join(folder, 'cut')];
      await publishFixture(nodeDisk, archive, [firstRun]);
      await keep(archive);
      const before = await filesOf(archive);
      const rows = [message('e', { ...at('2026-02-02T00:00:00Z'), run: 2 }), message('a', { op: 'delete', run: 2 })];
      await publishFixture(nodeDisk, archive, [{ tables: { messages: { revising: rows } } }], 1);
      const after = await wholeOf(archive);
      const counted = faultDisk(nodeDisk, 'fails', Infinity);
      await cp(archive, cut, { recursive: true });
      await keep(cut, { disk: counted.disk });
      const every = quickOrLong(17, 2);
      for (let step = 1 + quickOrLong(() => 0, firstOfEveryOther)(); step <= counted.steps(); step += every) {
        await rm(cut, { recursive: true });
        await cp(archive, cut, { recursive: true });
        const fault = (['fails', 'fails-within', 'dies-before', 'dies-within'] as const)[(step >> 1) % 4] ?? 'fails';
        await keep(cut, { disk: faultDisk(nodeDisk, fault, step).disk }).catch(() => undefined);
        const left = await filesOf(cut);
        if (['made.jsonl', 'search/index.js', 'START-HERE.html'].some((name) => left.has(name)))
          expect([before, after].map((whole) => isPartOf(left, whole))).toContain(true);
        await keep(cut);
        expect(await filesOf(cut)).toEqual(after);
      }
    }));
});

const start = Array.from({ length: 12 }, (_, index) => ({ at: index * 3, kind: 'new' as const }));

/** Whether each page there is one of the whole: those that say what belongs together come last. */
function isPartOf(left: ReadonlyMap<string, string>, whole: ReadonlyMap<string, string>): boolean {
  return [...left].every(([name, text]) => whole.get(name) === text);
}

async function live(
  archive: string,
  step: LifeStep,
  world: { links: number; zone: string; madeBy: string },
): Promise<void> {
  switch (step.kind) {
    case 'run':
      await publishFixture(nodeDisk, archive, [runOf(step.changes, world.links + 1)], world.links);
      world.links += 1;
      return;
    case 'compact': {
      const { kind } = await compactHere(archive);
      if (kind === 'compacted') world.links += 1;
      return;
    }
    case 'purge':
      await purgeArchive(archive, { kind: 'messages', ids: ['message03'] }, { ...here, reason: 'r', by: 'b' })
        .then(({ kind }) => (world.links += kind === 'purged' ? 1 : 0))
        .catch(() => undefined);
      return;
    case 'lose-page':
      await rm(join(pagesOf(archive), 'room0'), { recursive: true, force: true });
      return;
    case 'other-zone':
      world.zone = world.zone === 'UTC' ? 'Asia/Tokyo' : 'UTC';
      return;
    case 'other-version':
      world.madeBy += '1';
  }
}
