import { createHash, randomBytes } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { archivePaths } from '../../src/archive/paths.ts';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { walkFiles } from '../../src/archive/walk-files.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { withArchive } from '../support/disk/temporary-folder.ts';
import { startProgram, writeJobFile } from '../support/program/built-program.ts';
import { fullJob } from '../support/runs/new-process.ts';
import { fileWorkspace } from '../support/workspaces/file-workspace.ts';

const content = randomBytes(9_000_000);
/** Bytes that have come when the program is killed, each time. */
const killedAt = [2_000_000, 4_500_000, 8_999_998];
const path = '_files/large/large.txt';

it('a download that is killed with kill -9, over and over, is resumed by Range, and ends as one file with the right sum', async () => {
  await withArchive(async (archive) => {
    const ranges: (string | undefined)[] = [];
    const served = await serveWorkspace(fileWorkspace([{ id: 'small' }, { id: 'large', content }]), {
      intercept: (exchange) => {
        const { endpoint, request, response } = exchange;
        if (!endpoint.startsWith('/file-upload/large/')) return false;
        const end = killedAt[ranges.push(request.headers.range) - 1];
        const { status, headers, body } = exchange.reply();
        if (end === undefined) return false;
        response.writeHead(status, { ...headers, 'content-length': body.length });
        // And then nothing comes any more.
        response.write(body.subarray(0, end - (content.length - body.length)));
        return true;
      },
    });
    const jobFile = await writeJobFile(
      `${archive}.yaml`,
      fullJob(served.url, archive, {
        ...{ extract: [{ rooms: ['*'] }], transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }] },
        attachments: {},
      }),
    );
    try {
      for (const bytes of killedAt) {
        const child = startProgram(jobFile);
        const partial = join(archive, archivePaths.partialAttachments, 'large');
        while ((await stat(partial).catch(() => undefined))?.size !== bytes) await pause(20);
        child.process.kill('SIGKILL');
        expect(await child.ended).toMatchObject({ signal: 'SIGKILL' });
      }
      expect(await startProgram(jobFile).ended).toMatchObject({ code: 0 });
      expect(ranges).toEqual([undefined, ...killedAt.map((from) => `bytes=${from}-${content.length - 1}`)]);
      const sum = createHash('sha256').update(content).digest('hex');
      expect(
        createHash('sha256')
          .update(await readFile(join(archive, path)))
          .digest('hex'),
      ).toBe(sum);
      expect(await readFile(join(archive, '_manifest/SHA256SUMS'), 'utf8')).toContain(`${sum}  ${path}\n`);
      expect(await verifyArchive(archive)).toMatchObject({ differences: [], notes: [] });
      const names: string[] = [];
      for await (const { name } of walkFiles(nodeDisk, archive)) names.push(name);
      expect(names.filter((name) => name.startsWith('_work') || name.startsWith('_files')).toSorted()).toEqual([
        path,
        '_files/small/small.txt',
      ]);
    } finally {
      await served.close();
      await rm(jobFile, { force: true });
    }
  });
});
