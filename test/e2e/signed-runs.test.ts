import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../src/archive/verify/verify.ts';
import { runReport } from '../../src/cli/report/run/run-report.ts';
import { sha256 } from '../../src/archive/hash-file.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { JobError, UsageError } from '../../src/errors.ts';
import { runJob } from '../../src/pipeline.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import { compactHere } from '../support/archives/compact-here.ts';
import { sampleKey } from '../support/archives/sample-keys.ts';
import { temporaryFolder } from '../support/disk/temporary-folder.ts';
import { here, jobFor } from '../support/runs/run-here.ts';
import { createSmallWorkspace } from '../support/workspaces/small-workspace.ts';

const own = sampleKey(1);
const sign = { key: own.privatePem };

describe('a job that signs', () => {
  const inFolder = temporaryFolder();

  it('signs each run, and the archive is continued with its key only', async () => {
    const archive = inFolder('archive');
    const served = await serveWorkspace(createSmallWorkspace(3));
    try {
      const job = jobFor(served.url, archive);
      await runJob(job, here);
      await runJob({ ...job, sign }, here);
      const manifest = await runJob({ ...job, sign }, here);
      const report = await verifyArchive(archive, { publicKey: own.publicPem });
      expect(report).toMatchObject({ runs: 3, differences: [], signatures: { links: 2, isVouchedFor: true } });

      const bytes = (await nodeDisk.readFile(join(archive, '_manifest/run-000003.json'))) ?? '';
      expect(report.newest).toEqual({ path: '_manifest/run-000003.json', sha256: sha256(bytes) });
      const printed = runReport(manifest, { archive, cwd: archive, tookMs: 1 });
      expect(printed).toContain(`SHA-256 of it: ${sha256(bytes)}\n`);

      const requests = served.requests.length;
      for (const other of [{}, { sign: { key: sampleKey(2).privatePem } }])
        await expect(runJob({ ...job, ...other }, here)).rejects.toBeInstanceOf(JobError);
      expect(served.requests.length).toBe(requests);

      await expect(compactHere(archive)).rejects.toBeInstanceOf(UsageError);
      await compactHere(archive, {}, { signer: own.signer });
      expect(await verifyArchive(archive, { publicKey: own.publicPem })).toMatchObject({ differences: [] });
    } finally {
      await served.close();
    }
  });
});
