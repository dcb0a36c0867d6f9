import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { jsonReply } from '../../../src/demo/server/reply.ts';
import { send, serveWorkspace } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { newProcess } from '../../support/runs/new-process.ts';
import { createSmallWorkspace, plainMessage } from '../../support/workspaces/small-workspace.ts';
import { jobFor } from '../../support/runs/run-here.ts';
import { inTemporaryFolder } from '../../support/disk/temporary-folder.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

// Minutes apart: what changed in the last half hour comes by another way.
const messages = Array.from({ length: 500 }, (_, at) => plainMessage(at * 60));
const idsOf = (from: number, to: number): readonly string[] => messages.slice(from, to).map(({ _id }) => _id);

describe('messages that could not be read, more of them than a page holds,', () => {
  longIt('arrive once each as soon as they can be read, though some among them still cannot', async () => {
    const refused = new Set(idsOf(100, 350));
    const served = await serveWorkspace(createSmallWorkspace(messages), {
      intercept: (exchange) => {
        const { endpoint, response } = exchange;
        if (endpoint !== 'groups.messages' || ![...refused].some((id) => exchange.reply().body.includes(id)))
          return false;
        send(response, jsonReply(400, { success: false, error: 'Cannot destructure property' }));
        return true;
      },
    });
    try {
      await inTemporaryFolder(async (folder) => {
        const run = async () => {
          const { tables, gaps } = await runJob(jobFor(served.url, folder), newProcess());
          expect(await verifyArchive(folder)).toMatchObject({ differences: [] });
          return [tables.messages, gaps.length];
        };
        expect(await run()).toEqual([250, 1]);
        refused.clear();
        for (const id of idsOf(300, 301)) refused.add(id);
        expect(await run()).toEqual([249, 1]);
        refused.clear();
        expect(await run()).toEqual([1, 0]);
        expect(await run()).toEqual([0, 0]);
      });
    } finally {
      await served.close();
    }
  });
});
