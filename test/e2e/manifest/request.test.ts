import { describe, expect, it } from '@jest/globals';
import { parseManifest } from '../../../src/archive/manifest/manifest-json.ts';
import type { Manifest } from '../../../src/archive/manifest/manifest.ts';
import { manifestPath } from '../../../src/archive/paths.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import { runJob } from '../../../src/pipeline.ts';
import { faultDisk } from '../../support/disk/fault-disk.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

const key = 'a key that nobody must see in an archive';
const archive = '/archive';

async function served<T>(use: (url: string) => Promise<T>): Promise<T> {
  const server = await serveWorkspace(createSampleWorkspace());
  try {
    return await use(server.url);
  } finally {
    await server.close();
  }
}

describe('what the manifest keeps of the request', () => {
  it('names selectors, filters, period, tables, the roles of the login, and who ran it where', async () => {
    await served(async (url) => {
      const disk = new MemoryDisk();
      const job = fullJob(url, archive, {
        extract: [
          {
            rooms: ['office-*', '!ops-oncall'],
            scope: 'readable',
            period: { sinceMs: 1_704_067_200_000, untilMs: null },
          },
          { endpoint: 'groups.messages', rooms: ['postmortem-*'], mentionIds: ['b', 'all', 'b'], via: 'history' },
        ],
        transform: { tables: ['messages', 'links'], steps: [{ kind: 'pseudonymize', key }] },
      });
      const { request, steps } = await runJob(job, newProcess({ disk }));
      expect(request).toEqual({
        ...{ host: 'here', user: 'archivist', roles: ['user'] },
        extract: [
          {
            ...{ rooms: ['office-*', '!ops-oncall'], scope: 'readable', via: 'messages', filters: {} },
            period: { since: '2024-01-01T00:00:00.000Z', until: null },
          },
          {
            ...{ endpoint: 'groups.messages', rooms: ['postmortem-*'], scope: 'joined', via: 'history' },
            filters: { mentionIds: ['all', 'b'] },
          },
        ],
        tables: ['messages', 'links'],
        excelSafe: { none: false },
      });
      expect(steps).toMatchObject([{ step: 'pseudonymize' }]);
      const bytes = await disk.readFile(`${archive}/${manifestPath(1)}`);
      expect(bytes?.toString()).not.toContain(key);
      expect((parseManifest(bytes ?? Buffer.of()).manifest as Manifest).request).toEqual(request);
    });
  });

  longIt('names who began a run, whoever resumes it: the bytes are those of a run that was not cut', async () => {
    await served(async (url) => {
      const job = fullJob(url, archive);
      const whole = await runJob(job, newProcess({ disk: new MemoryDisk() }));

      const disk = new MemoryDisk();
      const cut = faultDisk(disk, 'dies-before', 40);
      await expect(runJob(job, newProcess({ disk: cut.disk }))).rejects.toThrow();
      const operator = { host: 'elsewhere', user: 'root' };
      expect((await runJob(job, newProcess({ disk, operator }))).request).toEqual(whole.request);
    });
  });
});
