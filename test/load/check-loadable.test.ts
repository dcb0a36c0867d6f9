import { expect, it } from '@jest/globals';
import { checkLoadable } from '../../src/load/check-loadable.ts';
import { nodeDisk } from '../../src/system/disk.ts';

const sinks = [{ format: 'jsonl' }] as const;
const without = (column: string) => ({
  sinks,
  transform: { tables: ['messages' as const], steps: [{ kind: 'dropColumns' as const, columns: [column] }] },
});

it('columns of the table of files can be left out where the job saves files, and only there', async () => {
  await checkLoadable(nodeDisk, { ...without('name'), attachments: {} });
  await expect(checkLoadable(nodeDisk, without('name'))).rejects.toThrow('no table of the job has it');
  await expect(checkLoadable(nodeDisk, { ...without('nam'), attachments: {} })).rejects.toThrow('has it');
});
