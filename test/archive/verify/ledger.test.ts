import { beforeAll, describe, expect, it } from '@jest/globals';
import { manifestPath } from '../../../src/archive/paths.ts';
import { publish } from '../../../src/archive/publish/publish.ts';
import { publishCompaction } from '../../../src/archive/publish/publish-compaction.ts';
import { readStoredState } from '../../../src/archive/stored-state/read-stored-state.ts';
import { Ledger } from '../../../src/archive/verify/ledger.ts';
import { openCompaction } from '../../support/archives/sample-compaction.ts';
import { publishRuns, runPlan, sampleRun } from '../../support/archives/sample-run.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';

/** Three runs, a compaction of them, and a run behind it. */
const published = new MemoryDisk();
beforeAll(async () => {
  await publishRuns(published, '/archive', 3);
  await publishCompaction(published, '/archive', await openCompaction(published, '/archive'));
  const { contents } = sampleRun(5);
  await runPlan(published, '/archive', sampleRun(5));
  const stateBefore = await readStoredState(published, '/archive');
  await publish(published, '/archive', { ...contents, stateBefore }, { keepRaw: true });
});

type Change = (disk: MemoryDisk) => Promise<unknown>;

/** One who changes a manifest, and leaves the others as they are. */
function edit(run: number, from: string | RegExp, to: string): Change {
  return async (disk) => {
    const path = `/archive/${manifestPath(run)}`;
    const text = String(await disk.readFile(path));
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`Nothing to change in the manifest of run ${run}`);
    await (await disk.open(path, 'truncate')).write(Buffer.from(changed));
  };
}

const remove =
  (run: number): Change =>
  (disk) =>
    disk.remove(`/archive/${manifestPath(run)}`);

/** What the manifests say after some changes; the runs are those whose manifests are there. */
async function ledgerAfter(...changes: readonly Change[]): Promise<Ledger> {
  const disk = published.copy();
  for (const change of changes) await change(disk);
  const names = (await disk.list('/archive/_manifest')) ?? [];
  const ledger = new Ledger(disk, '/archive', undefined);
  await ledger.addRuns(names.filter((name) => name.startsWith('run-')).map((name) => Number(name.slice(4, 10))));
  return ledger;
}

/** Differences in short: which manifest, of what kind, expected and found. */
const said = ({ differences }: Ledger) =>
  differences.map(({ path, problem, expected, actual }) => `${path.slice(-8, -5)} ${problem}: ${expected}; ${actual}`);

const someSha256 = expect.stringMatching(/^before it .* with SHA-256 [0-9a-f]{64}$/) as unknown as string;

describe('the ledger of an archive', () => {
  it('finds nothing in manifests that fit, and knows the files as they stand after the compaction', async () => {
    const ledger = await ledgerAfter();
    expect(said(ledger)).toEqual([]);
    expect(Object.fromEntries(ledger.rows)).toEqual({ messages: 6, mentions: 6 });
    const files = [...ledger.files.keys()].sort();
    expect(files.filter((path) => !path.startsWith('_raw'))).toEqual([
      'mentions/month=2024-01/run-000004-0001.csv',
      'mentions/month=2024-01/run-000004-0001.parquet',
      'messages/run-000004-0001.csv',
      'messages/run-000004-0001.parquet',
    ]);
    expect(files.filter((path) => path.startsWith('_raw'))).toHaveLength(8);
    expect([...ledger.named.keys()].filter((path) => !files.includes(path))).toEqual([1, 2, 3, 4, 5].map(manifestPath));
    expect(ledger.named.get('messages/run-000004-0001.csv')).toBe(
      ledger.files.get('messages/run-000004-0001.csv')?.sha256,
    );
    expect(ledger.newest?.manifest.run).toBe(5);
    expect(ledger.notes).toEqual(['_manifest/run-000003.json names 1 gap']);
  });

  it('says how many gaps a manifest names', async () => {
    const gap = /"gaps": \[\n\s*(\{.*\})/;
    const text = String(await published.readFile('/archive/_manifest/run-000003.json'));
    expect(text).toMatch(gap);
    const ledger = await ledgerAfter(edit(3, gap, '"gaps": [\n$1,\n$1'));
    expect(ledger.notes).toEqual(['_manifest/run-000003.json names 2 gaps']);
  });

  it('names rows of a run that its files do not add up to, by table and format', async () => {
    const ledger = await ledgerAfter(
      edit(1, '"tables": {"mentions":3,"messages":3}', '"tables": {"mentions":3,"messages":4}'),
    );
    expect(said(ledger).filter((line) => line.includes('rows'))).toEqual([
      '001 rows: 4 rows of "messages"; 3 rows in its csv files',
      '001 rows: 4 rows of "messages"; 3 rows in its parquet files',
    ]);
    expect(ledger.rows.get('messages')).toBe(7);
  });

  it('names a compaction that says it took or made other rows than the files have', async () => {
    const before = await ledgerAfter(edit(4, '"rowsBefore":6', '"rowsBefore":7'));
    expect(said(before).filter((line) => line.startsWith('004 rows'))).toEqual([
      '004 rows: 7 rows of "mentions" as csv before; 6 rows replaced',
      '004 rows: 0 to 0 rows of "mentions" as csv dropped; 1 rows',
    ]);
    const after = await ledgerAfter(edit(4, '"rowsAfter":6', '"rowsAfter":5'));
    expect(said(after).filter((line) => line.startsWith('004 rows'))).toEqual([
      '004 rows: 5 rows of "mentions" as csv after; 6 rows in its files',
      '004 rows: 0 to 0 rows of "mentions" as csv dropped; 1 rows',
    ]);
  });

  it('takes off what a compaction dropped', async () => {
    const ledger = await ledgerAfter(
      edit(4, '"keeps": "all"', '"keeps": "latest"'),
      edit(4, '"dropped": {}', '"dropped": {"messages":2}'),
    );
    expect(Object.fromEntries(ledger.rows)).toEqual({ messages: 4, mentions: 6 });
  });

  it('names a compaction that replaced what no manifest named, or named with other bytes', async () => {
    const path = '"path":"messages/run-000003-0002.csv"';
    const unknown = await ledgerAfter(edit(4, path, '"path":"messages/run-000003-0003.csv"'));
    expect(said(unknown)).toContainEqual(
      expect.stringMatching(
        /^004 chain: "messages\/run-000003-0003.csv" with SHA-256 [0-9a-f]{64} to replace; no manifest before it names/,
      ),
    );
    const other = await ledgerAfter(edit(4, /("replaces": \[\s*\{[^}]*"sha256":")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`));
    expect(said(other)).toContainEqual(
      expect.stringMatching(/^004 chain: "mentions.*" with SHA-256 0{64} to replace; SHA-256 [0-9a-f]{64}$/),
    );
  });

  it('does not blame a compaction for files of a manifest that is gone', async () => {
    const ledger = await ledgerAfter(remove(1));
    expect(said(ledger)).toEqual(['001 missing: a manifest of run-000001; no such file']);
  });

  it('says from which run to which manifests are missing', async () => {
    expect(said(await ledgerAfter(remove(2), remove(3)))).toEqual([
      '002 missing: a manifest of run-000002 to run-000003; no such file',
    ]);
  });

  it('blames a damaged manifest only, and not those behind it', async () => {
    const ledger = await ledgerAfter(edit(2, /^.*/s, 'oops'));
    expect(said(ledger)).toEqual([expect.stringMatching(/^002 unreadable: the manifest of run-000002; Cannot read/)]);
    // SHA256SUMS may say anything of it: who knows what it was.
    expect(ledger.named.get(manifestPath(2))).toBe('');
    expect(ledger.newest?.manifest.run).toBe(5);
  });

  it('knows no newest link when that is the damaged one', async () => {
    const ledger = await ledgerAfter(edit(5, /^.*/s, 'oops'));
    expect(ledger.newest).toBeUndefined();
    expect(said(ledger)).toEqual([expect.stringMatching(/^005 unreadable/)]);
  });

  it('names a link that does not follow the one before it, and still adds up what it says', async () => {
    const ledger = await ledgerAfter(edit(2, '"retries":0', '"retries":1'));
    const [difference, ...others] = ledger.differences;
    expect(others).toEqual([]);
    expect(difference).toMatchObject({ path: manifestPath(3), problem: 'chain', expected: someSha256 });
    expect(difference?.expected).toContain(manifestPath(2));
    expect(difference?.actual).toMatch(/^_manifest\/run-000002.json with SHA-256 [0-9a-f]{64}$/);
    expect([...ledger.rows]).toEqual([...(await ledgerAfter()).rows]);
  });

  it('names a first link that follows another, and a later one that follows none', async () => {
    const first = await ledgerAfter(
      edit(1, '"previous": null', `"previous": {"path":"_manifest/run-000000.json","sha256":"${'0'.repeat(64)}"}`),
    );
    expect(said(first)).toContainEqual(
      `001 chain: before it none; _manifest/run-000000.json with SHA-256 ${'0'.repeat(64)}`,
    );
    const later = await ledgerAfter(edit(2, /"previous": \{[^}]*\}/, '"previous": null'));
    expect(said(later)).toContainEqual(expect.stringMatching(/^002 chain: before it .*run-000001.json with .*; none$/));
  });

  it('names a link that names another than the one before it, which cannot be read', async () => {
    const ledger = await ledgerAfter(
      edit(1, /^.*/s, 'oops'),
      edit(2, '"path":"_manifest/run-000001.json"', '"path":"_manifest/run-000003.json"'),
    );
    expect(said(ledger)).toContainEqual(
      expect.stringMatching(/^002 chain: _manifest\/run-000001.json before it; _manifest\/run-000003.json with/),
    );
  });

  it('names a file that two manifests name', async () => {
    const ledger = await ledgerAfter(edit(2, '"_raw/run-000002/b.jsonl"', '"_raw/run-000001/b.jsonl"'));
    expect(ledger.differences).toContainEqual({
      path: '_raw/run-000001/b.jsonl',
      problem: 'chain',
      expected: 'one manifest that names it',
      actual: `named again by ${manifestPath(2)}`,
    });
  });

  it('names a chain that makes another state than its newest link vouches for', async () => {
    const ledger = await ledgerAfter(edit(5, /("state": \{\s*"sha256": ?")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`));
    expect(said(ledger)).toEqual([
      expect.stringMatching(/^005 state: a state with SHA-256 0{64}; the chain makes [0-9a-f]{64}$/),
    ]);
  });

  it('does not replay a state over a link that is missing', async () => {
    const ledger = await ledgerAfter(
      remove(2),
      edit(5, /("state": \{\s*"sha256": ?")[0-9a-f]{64}/, `$1${'0'.repeat(64)}`),
    );
    expect(said(ledger)).toEqual(['002 missing: a manifest of run-000002; no such file']);
  });
});
