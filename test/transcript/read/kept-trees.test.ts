import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { walkFiles } from '../../../src/archive/walk-files.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { storeMessage } from '../../../src/demo/workspace/stored-message.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { readLine, treeOfLine } from '../../../src/transcript/read/row-line.ts';
import { gatherTrees } from '../../../src/transcript/read/kept-trees.ts';
import { writeTranscript } from '../../../src/transcript/write-transcript.ts';
import { readArchiveHistory } from '../../../src/snapshot/archive-history.ts';
import { temporaryFolder } from '../../support/disk/temporary-folder.ts';
import { here, jobFor } from '../../support/runs/run-here.ts';
import { createSmallWorkspace, plainMessage, smallRoomId } from '../../support/workspaces/small-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const inFolder = temporaryFolder();
const treeOf = (text: string) => [
  { type: 'PARAGRAPH', value: [{ type: 'ITALIC', value: [{ type: 'PLAIN_TEXT', value: text }] }] },
];
const message = (msg: string, tree: string, updated: string) =>
  plainMessage(1, { _id: 'message1', msg, md: treeOf(tree), _updatedAt: updated });

/** An archive of two runs, between which a message was edited. */
async function archived(name: string, job: Partial<Job>): Promise<string> {
  const archive = inFolder(name);
  const workspace = createSmallWorkspace([message('once', 'the tree of once', '2024-01-01T00:00:00.000Z')]);
  const served = await serveWorkspace(workspace);
  try {
    await runJob(jobFor(served.url, archive, job), here);
    const edited = storeMessage(message('twice', 'the tree of twice', '2026-11-20T00:00:00.000Z'));
    workspace.room(smallRoomId)?.replace(edited);
    await runJob(jobFor(served.url, archive, job), here);
  } finally {
    await served.close();
  }
  return archive;
}

async function treesOf(archive: string): Promise<readonly unknown[]> {
  const trees: unknown[] = [];
  const add = (line: string): Promise<void> => Promise.resolve(void trees.push(treeOfLine(readLine(line))[0]));
  const history = await readArchiveHistory(nodeDisk, archive);
  await gatherTrees(nodeDisk, { archive, history, rankOf: (run) => run }, { add }, () => undefined);
  return trees;
}

async function pageOf(archive: string): Promise<{ readonly page: string; readonly cover: string }> {
  const output = `${archive}-pages`;
  await writeTranscript(archive, output);
  let page = '';
  for await (const { name, path } of walkFiles(nodeDisk, output))
    if (/\/\d{4}-\d\d\.html$/.test(name)) page = await readFile(path, 'utf8');
  return { page, cover: await readFile(join(output, 'START-HERE.html'), 'utf8') };
}

describe('the syntax trees of kept responses', () => {
  it('show a text whose tables have none as the server read it, and no tree of another text', async () => {
    const archive = await archived('kept', { raw: 'keep' });
    const { page } = await pageOf(archive);
    expect(page).toContain('<em>the tree of twice</em>');
    expect(page).not.toContain('the tree of once');
  });

  it('of a journal that is damaged are not used, and the cover says so', async () => {
    const archive = await archived('damaged', { raw: 'keep' });
    for await (const { path } of walkFiles(nodeDisk, join(archive, '_raw'))) await appendFile(path, 'x');
    const { page, cover } = await pageOf(archive);
    expect(page).toContain('twice');
    expect(page).not.toContain('the tree of');
    expect(cover).toMatch(/Of _raw \d+ journals could not be used/);
  });

  longIt('are not read where rows have their own, or where a job took anything out of messages', async () => {
    expect(await treesOf(inFolder('kept'))).toContain('twice');
    expect(
      await treesOf(await archived('own', { raw: 'keep', transform: { tables: ['messages'], md: 'json' } })),
    ).toEqual([]);
    const steps = [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }] as const;
    expect(await treesOf(await archived('steps', { raw: 'keep', transform: { tables: ['messages'], steps } }))).toEqual(
      [],
    );
  });
});
