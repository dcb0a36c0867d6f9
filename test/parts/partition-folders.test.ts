import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { partitionFolder } from '../../src/archive/paths/partition-folder.ts';
import { PartitionFolders } from '../../src/parts/partition-folders.ts';

const folderOf = (roomId: string): string => partitionFolder('room', roomId);
/** As DuckDB, Spark and Hive read the value of a folder's name. */
const valueOf = (folder: string): string => decodeURIComponent(folder.slice('room='.length));

describe('the folders of partitions', () => {
  it('keep their plain names as long as nothing else has them', () => {
    const folders = new PartitionFolders();
    expect(['GENERAL', 'aBc', 'GENERAL', 'a b'].map((id) => folders.nameFor(folderOf(id)))).toEqual([
      ...['room=GENERAL', 'room=aBc', 'room=GENERAL', 'room=a%20b'],
    ]);
  });

  it('differ in more than case when room ids do not, in one run and in later ones', () => {
    const folders = new PartitionFolders();
    const first = ['aBc', 'abc', 'ABC', 'aBc'].map((id) => folders.nameFor(folderOf(id)));
    expect(first).toEqual(['room=aBc', 'room=%61%62%63', 'room=%41%42%43', 'room=aBc']);
    const later = new PartitionFolders(first);
    expect(['ABC', 'aBc', 'Abc'].map((id) => later.nameFor(folderOf(id)))).toEqual([
      ...['room=%41%42%43', 'room=aBc', 'room=%41%62%63'],
    ]);
  });

  it('are never longer than file systems allow, when long room ids differ in case only', () => {
    const folders = new PartitionFolders();
    const ids = ['x', 'X', 'xX'].map((begin) => begin.padEnd(190, begin));
    const names = ids.map((id) => folders.nameFor(folderOf(id)));
    expect(names[0]).toBe(`room=${'x'.repeat(190)}`);
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(230);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(ids.length);
    expect(names[1]).toMatch(/^room=X{180}%7E[0-9a-f]{16}$/);
    const later = new PartitionFolders(names);
    expect(ids.map((id) => later.nameFor(folderOf(id)))).toEqual(names);
  });

  it('never share one, whatever the ids and whatever is there already, and are read back as the ids', () => {
    const id = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', 'B', 'ä', 'Ä', '%', '4', '1', '/', ' '),
      maxLength: 4,
    });
    fc.assert(
      fc.property(fc.array(id, { maxLength: 12 }), fc.nat(12), (ids, cut) => {
        const before = new PartitionFolders();
        const written = ids.slice(0, cut).map((one) => [one, before.nameFor(folderOf(one))] as const);
        const after = new PartitionFolders(written.map(([, name]) => name));
        const all = [...written, ...ids.map((one) => [one, after.nameFor(folderOf(one))] as const)];
        const owners = new Map<string, string>();
        for (const [one, name] of all) {
          expect(valueOf(name)).toBe(one);
          const owner = owners.get(name.toLowerCase()) ?? one;
          expect(owner).toBe(one);
          owners.set(name.toLowerCase(), one);
        }
      }),
    );
  });
});
