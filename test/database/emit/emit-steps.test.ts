import { describe, expect, it } from '@jest/globals';
import type { ArchiveLink } from '../../../src/database/load/archive-links.ts';
import { emitSteps } from '../../../src/database/emit/emit-steps.ts';
import { publishRows, rowOf } from '../../support/archives/rows-archive.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { readArchiveHistory, type ArchiveHistory } from '../../../src/snapshot/archive-history.ts';

/** `x` a run that wrote messages and mentions, `c` a compaction that dropped messages, `p` a purge of some, `s` no rows. */
const chain = (kinds: string): readonly ArchiveLink[] =>
  Array.from(kinds, (kind, at) => ({
    ...{ run: at + 1, kind: kind === 'p' ? 'purge' : 'compaction', sha256: '', finishedAt: '' },
    ...{ isRewrite: /[cp]/.test(kind), dropped: /[cp]/.test(kind) ? ['messages'] : [] },
  }));

async function historyOf(kinds: string, fields: Partial<ArchiveHistory>): Promise<ArchiveHistory> {
  const disk = new MemoryDisk();
  const content = (['messages', 'mentions'] as const).map((table) => ({
    table,
    rows: [rowOf(table, { message_id: 'm', run: 1 })],
  }));
  await publishRows('/archive', content, [{ format: 'jsonl' }], disk);
  const history = await readArchiveHistory(disk, '/archive');
  const everyRun = Array.from(kinds).flatMap((kind, at) =>
    kind === 'x' ? history.everyRun.map((run) => ({ ...run, run: at + 1 })) : [],
  );
  return { ...history, everyRun, runs: everyRun, ...fields };
}

const tables = ['messages', 'mentions'] as const;
const both = { messages: 1, mentions: 1 };

async function steps(
  kinds: string,
  run: number,
  versions: Readonly<Record<string, number>> = both,
  fields: Partial<ArchiveHistory> = {},
): Promise<string> {
  const history = await historyOf(kinds, fields);
  return emitSteps(chain(kinds), { run, manifest_sha256: '', versions }, tables, history)
    .map(({ links, whole }) => [links.map((link) => kinds[link.run - 1]).join(''), ...whole].join(' '))
    .join(', ');
}

describe('what is emitted before a STATE', () => {
  it.each([
    ['xxx', 1, 'x, x'],
    ['xxx', 3, ''],
    ['xsx', 1, 's, x'],
    // What a compaction dropped was replaced by what the target has.
    ['xxcx', 2, 'c, x'],
    ['xxcx', 1, 'xcx messages'],
    ['xxcx', 3, 'x'],
    ['xxpx', 2, 'px messages'],
    ['xxp', 3, ''],
  ])('of %s behind %i: %s', async (kinds, run, expected) => expect(await steps(kinds, run)).toBe(expected));

  it('is everything at once where a table has not been emitted', async () => {
    expect(await steps('xcx', 0, {})).toBe('xcx messages mentions');
    expect(await steps('xx', 2, { messages: 1 })).toBe(' mentions');
  });

  it('is every table as a whole behind the run that took names out of all', async () => {
    const superseded = { runs: new Set([1, 2]), since: 3 };
    expect(await steps('xxx', 2, both, { superseded })).toBe('x messages mentions');
    expect(await steps('xxxx', 3, both, { superseded })).toBe('x');
  });
});
