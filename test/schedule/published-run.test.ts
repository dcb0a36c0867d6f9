import { expect, it } from '@jest/globals';
import type { Manifest } from '../../src/archive/manifest/manifest.ts';
import { publishedRunOf } from '../../src/schedule/published-run.ts';
import { publishRuns } from '../support/archives/sample-run.ts';
import { MemoryDisk } from '../support/disk/memory-disk.ts';

it('counts a message once that is in the list of its room and in that of the mentions', async () => {
  const disk = new MemoryDisk();
  await publishRuns(disk, '/archive', 1);
  const manifest = JSON.parse(String(await disk.readFile('/archive/_manifest/run-000001.json'))) as Manifest;
  const [list] = manifest.lists;
  if (list === undefined) throw new Error('The sample run has read no list');
  const rooms = { ...list, endpoint: 'groups.messages', exported: 5 };
  const mentions = { ...list, endpoint: 'chat.getMentionedMessages', exported: 2 };
  expect(publishedRunOf({ ...manifest, lists: [rooms, mentions, { ...rooms, exported: 3 }] })).toEqual({
    ...{ messages: 8, gaps: manifest.gaps.length, requests: manifest.requests },
  });
});
