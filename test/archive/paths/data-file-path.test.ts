import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { foldersOf, isArchivePath } from '../../../src/archive/paths.ts';
import { partitionFolder } from '../../../src/archive/paths/partition-folder.ts';
import { dataFilePath, dataFilePlace, isDataFilePath } from '../../../src/archive/paths/data-file-path.ts';

const place = { table: 'messages', partition: undefined, run: 3, part: 1, extension: 'csv' };

describe('the paths of data files', () => {
  it('are what readers of Hive layouts take', () => {
    expect(dataFilePath({ ...place, extension: 'csv.gz' })).toBe('messages/run-000003-0001.csv.gz');
    expect(
      dataFilePath({ ...place, part: 12, extension: 'parquet', partition: partitionFolder('month', '2026-11') }),
    ).toBe('messages/month=2026-11/run-000003-0012.parquet');
    expect(partitionFolder('room', "a/b c!'ü")).toBe('room=a%2Fb%20c%21%27%C3%BC');
    expect(dataFilePlace('messages/run-000003-0001.csv')).toEqual(place);
    expect(partitionFolder('month', null)).toBe('month=__HIVE_DEFAULT_PARTITION__');
  });

  it('fit into a file name for room ids of any length, and stay apart', () => {
    for (const id of ['x'.repeat(300), '部'.repeat(300), `${'%'.repeat(299)}a`]) {
      const folder = partitionFolder('room', id);
      expect(folder.length).toBeLessThan(240);
      expect(() => decodeURIComponent(folder)).not.toThrow();
      expect(partitionFolder('room', `${id}y`)).not.toBe(folder);
    }
  });

  it('stay inside the archive and are known again, whatever a room is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (room) => {
        const path = dataFilePath({ ...place, partition: partitionFolder('room', room) });
        expect(isArchivePath(path)).toBe(true);
        expect(isDataFilePath(path, 'messages', 3)).toBe(true);
        expect(dataFilePlace(path)).toEqual({ ...place, partition: path.split('/')[1] });
        if (encodeURIComponent(room).length < 60)
          expect(decodeURIComponent(path.split('/')[1] ?? '')).toBe(`room=${room}`);
      }),
    );
  });

  it.each([
    'messages/run-000003-0001.csv',
    'messages/month=2026-11/run-000002-0001.csv',
    'messages/month=2026-11/x/run-000003-0001.csv',
    'messages/day=2026-11-01/run-000003-0001.csv',
    'messages/month=a b/run-000003-0001.csv',
    'messages/month=../run-000003-0001.csv/..',
    'messages/month=2026-11/run-000003-0001',
    'messages/month=2026-11/run-000003-1.csv',
    'mentions/month=2026-11/run-000003-0001.csv',
  ])('are nothing like %s, unless it is one', (path) => {
    expect(isDataFilePath(path, 'messages', 3)).toBe(path === 'messages/run-000003-0001.csv');
  });

  it('lie in folders that are told from the inside out', () => {
    expect(foldersOf('messages/month=2026-11/run-000003-0001.csv')).toEqual(['messages/month=2026-11', 'messages']);
  });
});
