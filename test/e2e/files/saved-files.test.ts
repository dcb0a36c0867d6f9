import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyArchive } from '../../../src/archive/verify/verify.ts';
import { resetState } from '../../../src/archive/stored-state/state-links.ts';
import { createSampleWorkspace } from '../../../src/demo/sample/sample-workspace.ts';
import { serveWorkspace } from '../../../src/demo/server/server.ts';
import type { Job } from '../../../src/job/job.ts';
import { runJob } from '../../../src/pipeline.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { nodeDisk } from '../../../src/system/disk.ts';
import { withArchive } from '../../support/disk/temporary-folder.ts';
import { here } from '../../support/runs/run-here.ts';
import { fullJob, newProcess } from '../../support/runs/new-process.ts';
import { fileWorkspace, send } from '../../support/workspaces/file-workspace.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const longIt = quickOrLong(it.skip, it);

function jobOf(url: string, archive: string, fields: Partial<Job> = {}): Job {
  return { ...savingNone(url, archive), attachments: {}, ...fields };
}

function savingNone(url: string, archive: string, fields: Partial<Job> = {}): Job {
  return fullJob(url, archive, {
    ...{ extract: [{ rooms: ['*'] }], transform: { tables: ['messages'] }, sinks: [{ format: 'jsonl' }] },
    ...fields,
  });
}

async function rowsOf(archive: string, run: number): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await readFile(join(archive, `files/run-00000${run}-0001.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
}

describe('a job with attachments', () => {
  it('saves the files of messages, lists them, and verify vouches for them', async () => {
    await withArchive(async (archive) => {
      const workspace = fileWorkspace([
        { id: 'one', name: '../../etc/passwd' },
        { id: 'two', type: 'image/png' },
      ]);
      const served = await serveWorkspace(workspace);
      try {
        const manifest = await runJob(jobOf(served.url, archive), newProcess());
        expect(manifest.attachments?.map(({ path }) => path)).toEqual([
          '_files/one/_.._etc_passwd',
          '_files/two/two.txt',
        ]);
        expect(manifest.coverage).toMatchObject({
          filesNotDownloaded: 0,
          files: { saved: 2, savedBytes: 28, notSaved: {}, named: [] },
        });
        expect(await readFile(join(archive, '_files/one/_.._etc_passwd'), 'utf8')).toBe('content of one');
        const rows = await rowsOf(archive, 1);
        expect(rows).toMatchObject([
          {
            file_id: 'one',
            message_id: 'alpha-000000',
            room_id: 'alpha',
            name: '../../etc/passwd',
            status: 'saved',
            run: 1,
          },
          { file_id: 'two', size_bytes: 14, mime_type: 'image/png', path: '_files/two/two.txt', error: null },
        ]);
        expect(await readFile(join(archive, '_manifest/SHA256SUMS'), 'utf8')).toContain(
          `${String(rows[1]?.['sha256'])}  _files/two/two.txt`,
        );
        expect((await verifyArchive(archive)).differences).toEqual([]);
      } finally {
        await served.close();
      }
    });
  });

  it('names what is missing, is no failure, and the next run tries again and reuses what it has', async () => {
    await withArchive(async (archive) => {
      const workspace = fileWorkspace([{ id: 'one' }, { id: 'two' }]);
      workspace.removeUpload('two');
      const served = await serveWorkspace(workspace);
      try {
        const first = await runJob(jobOf(served.url, archive), newProcess());
        expect(first.coverage).toMatchObject({
          filesNotDownloaded: 1,
          files: {
            saved: 1,
            notSaved: { missing: 1 },
            named: [{ fileId: 'two', status: 'missing', error: 'HTTP 404' }],
          },
        });
        expect(first.gaps).toEqual([]);
        const second = await runJob(jobOf(served.url, archive), newProcess());
        expect(second.tables['files']).toBe(0);
        expect(second.coverage?.files?.notSaved).toEqual({ missing: 1 });
        send(workspace, { id: 'three' });
        workspace.setUpload({
          id: 'two',
          name: 'two.txt',
          type: 'text/plain',
          content: Buffer.from('content of two'),
          uploadedAtMs: 0,
        });
        const third = await runJob(jobOf(served.url, archive), newProcess());
        expect(await rowsOf(archive, 3)).toMatchObject([
          { file_id: 'two', status: 'saved', run: 3 },
          { file_id: 'three', status: 'saved', run: 3 },
        ]);
        expect(third.coverage?.files).toMatchObject({ saved: 2, notSaved: {} });
        const asked = served.requests.filter(({ endpoint }) => endpoint.startsWith('/file-upload/one/'));
        expect(asked).toHaveLength(1);
        expect((await verifyArchive(archive)).differences).toEqual([]);
      } finally {
        await served.close();
      }
    });
  });

  longIt(
    'is told of files with names while people are pseudonymized, once for all runs, until a purge removes them',
    async () => {
      await withArchive(async (archive) => {
        const served = await serveWorkspace(fileWorkspace([{ id: 'one' }]));
        try {
          const { attachments, ...without } = jobOf(served.url, archive);
          expect(attachments).toEqual({});
          await runJob(jobOf(served.url, archive), newProcess());
          const steps = [{ kind: 'pseudonymize', key: 'a key of sixteen or more' }] as const;
          const job = { ...without, transform: { tables: ['messages' as const], steps }, backfill: true as const };
          const named = { table: 'files', runs: [{ from: 1, to: 1 }], because: expect.stringContaining('_files') };
          const first = await runJob(job, newProcess());
          const second = await runJob(job, newProcess());
          expect(second.run).toBe(first.run + 1);
          for (const { coverage, notes } of [first, second]) {
            expect(coverage?.outdated).toContainEqual(named);
            expect(notes).toContainEqual(expect.stringMatching(/^Rows of "files" of run 1 .*_files/));
          }
          const target = { kind: 'messages', ids: ['alpha-000000'] } as const;
          await purgeArchive(archive, target, { ...here, reason: 'a name', by: 'dpo' });
          expect(await readdir(join(archive, '_files')).catch(() => [])).toEqual([]);
          const third = await runJob(job, newProcess());
          expect(third.coverage?.outdated).not.toContainEqual(named);
        } finally {
          await served.close();
        }
      });
    },
  );

  it('completes an archive that has runs without', async () => {
    await withArchive(async (archive) => {
      const workspace = fileWorkspace([{ id: 'one' }, { id: 'two' }]);
      const served = await serveWorkspace(workspace);
      try {
        const { attachments, ...without } = jobOf(served.url, archive);
        expect(attachments).toEqual({});
        await runJob(without, newProcess());
        const manifest = await runJob(jobOf(served.url, archive), newProcess());
        expect(manifest.attachments).toHaveLength(2);
        expect(await rowsOf(archive, 2)).toMatchObject([
          { file_id: 'one', message_id: 'alpha-000000', room_id: 'alpha', name: 'one.txt', run: 2 },
          { file_id: 'two' },
        ]);
      } finally {
        await served.close();
      }
    });
  });

  longIt('saves the files of the sample workspace, and its transcript shows them', async () => {
    await withArchive(async (archive) => {
      const served = await serveWorkspace(createSampleWorkspace());
      try {
        const manifest = await runJob(jobOf(served.url, archive, { transcript: true }), newProcess());
        const { files } = manifest.coverage ?? {};
        expect(files?.saved).toBeGreaterThan(50);
        expect([files?.notSaved, manifest.coverage?.filesNotDownloaded]).toEqual([{}, 0]);
        const rows = await rowsOf(archive, 1);
        const image = rows.find(({ mime_type: type }) => type === 'image/png');
        const pages = join(archive, '_view/transcript', String(image?.['room_id']));
        const texts = await Promise.all((await readdir(pages)).map((name) => readFile(join(pages, name), 'utf8')));
        const page = texts.find((text) => text.includes(String(image?.['sha256']))) ?? '';
        const link = new RegExp(`<img src="(../../../${String(image?.['path'])})"`).exec(page)?.[1] ?? '';
        expect(await readFile(join(pages, link))).toEqual(await readFile(join(archive, String(image?.['path']))));
      } finally {
        await served.close();
      }
    });
  });

  it('says before the first file that the disk is too small, publishes nothing, and resumes', async () => {
    await withArchive(async (archive) => {
      const served = await serveWorkspace(fileWorkspace([{ id: 'one' }, { id: 'two' }]));
      try {
        const disk = { ...nodeDisk, freeBytes: () => Promise.resolve(27) };
        const cut = runJob(jobOf(served.url, archive), newProcess({ disk }));
        await expect(cut).rejects.toThrow(
          /Cannot save 2 files of messages in ".*": they have 28 bytes, and 27 are free/,
        );
        expect(served.requests.filter(({ endpoint }) => endpoint.startsWith('/file-upload/'))).toEqual([]);
        expect((await runJob(jobOf(served.url, archive), newProcess())).attachments).toHaveLength(2);
      } finally {
        await served.close();
      }
    });
  });
});

describe('a job that saves the files of some rooms, named by their names', () => {
  const missing = [{ id: 'one' }];

  const names: readonly (readonly [string, readonly string[], boolean])[] = [
    ['what excludes it', ['*', '!alpha-room'], false],
    ['its name', ['alpha-room'], true],
    ['a pattern', ['alpha-*'], true],
  ];
  // By its name in the next test, too.
  it.each(names.slice(0, quickOrLong(1, names.length)))(
    'looks for those of earlier runs by it, too, when it begins to save files: %s',
    async (_, rooms, isSaved) => {
      await withArchive(async (archive) => {
        const served = await serveWorkspace(fileWorkspace(missing));
        try {
          const tables = { transform: { tables: ['messages', 'attachments'] } } as const;
          const without = savingNone(served.url, archive, tables);
          await runJob(without, newProcess());
          const { coverage } = await runJob({ ...without, attachments: { rooms } }, newProcess());
          expect(coverage?.files?.saved).toBe(isSaved ? 1 : 0);
        } finally {
          await served.close();
        }
      });
    },
  );

  it('saves those of messages that were read before the room was renamed', async () => {
    await withArchive(async (archive) => {
      const workspace = fileWorkspace(missing);
      const served = await serveWorkspace(workspace);
      try {
        const without = savingNone(served.url, archive);
        await runJob(without, newProcess());
        const room = workspace.room('alpha');
        if (room !== undefined) room.name = 'omega';
        send(workspace, { id: 'two' });
        const { coverage } = await runJob({ ...without, attachments: { rooms: ['omega'] } }, newProcess());
        expect(coverage?.files?.saved).toBe(2);
      } finally {
        await served.close();
      }
    });
  });
});

describe('a job that begins to save files where no table shows those of earlier messages', () => {
  const transforms: readonly (readonly [string, Job['transform']])[] = [
    ['only reactions', { tables: ['reactions'] }],
    ['no column of attachments', { tables: ['messages'], steps: [{ kind: 'dropColumns', columns: ['attachments'] }] }],
  ];
  it.each(transforms.slice(0, quickOrLong(1, 2)))(
    'names the runs, and saves them after a reading of everything: %s',
    async (_, transform) => {
      await withArchive(async (archive) => {
        const served = await serveWorkspace(fileWorkspace([{ id: 'one' }]));
        try {
          const without = savingNone(served.url, archive, { transform });
          await runJob(without, newProcess());
          for (let at = 0; at < 2; at++) {
            const { coverage } = await runJob({ ...without, attachments: {} }, newProcess());
            expect(coverage?.incomplete).toContainEqual({
              ...{ table: 'files', format: null, columns: null, runs: [{ from: 1, to: 1 }] },
              because: expect.stringContaining('no table of theirs shows'),
            });
          }
          await resetState(nodeDisk, archive, '2026-01-01T00:00:00.000Z', () => 'all');
          const { coverage } = await runJob({ ...without, attachments: {} }, newProcess());
          expect(coverage?.files?.saved).toBe(1);
          expect(coverage?.incomplete?.filter(({ table }) => table === 'files')).toEqual([]);
        } finally {
          await served.close();
        }
      });
    },
  );
});

describe('a job that saves more of the files than before where no table shows those of earlier messages', () => {
  const job = { transform: { tables: ['reactions'] } } as const;
  const named = async (before: Job['attachments'], now: Job['attachments']): Promise<readonly unknown[]> =>
    withArchive(async (archive) => {
      const served = await serveWorkspace(fileWorkspace([{ id: 'one' }]));
      try {
        const base = jobOf(served.url, archive, job);
        await runJob({ ...base, ...(before && { attachments: before }) }, newProcess());
        const { coverage } = await runJob({ ...base, ...(now && { attachments: now }) }, newProcess());
        return (coverage?.incomplete ?? []).filter(({ table }) => table === 'files');
      } finally {
        await served.close();
      }
    });

  const more: readonly (readonly [Job['attachments'], Job['attachments']])[] = [
    [{ types: ['image/*'] }, {}],
    [{ rooms: ['omega'] }, { rooms: ['omega', 'alpha-room'] }],
    [{ rooms: ['!alpha-room'] }, { rooms: ['*'] }],
    [{ rooms: ['omega'] }, { types: ['text/*'] }],
  ];
  it.each(more.slice(0, quickOrLong(2, 4)))(
    'names the runs that looked for fewer (regression: nothing was said): %j, then %j',
    async (before, now) =>
      expect(await named(before, now)).toMatchObject([
        { runs: [{ from: 1, to: 1 }], because: expect.stringContaining('looked for fewer files') as unknown },
      ]),
  );

  const asMany: readonly (readonly [Job['attachments'], Job['attachments']])[] = [
    [{ rooms: ['*', '!omega'] }, { rooms: ['alpha-room', '!omega', '!beta'] }],
    [{}, { types: ['image/*'] }],
    [{ types: ['image/*', 'text/*'] }, { types: ['text/*', 'image/png'], maxBytes: 3 }],
    [{ maxBytes: 1 }, {}],
  ];
  it.each(asMany.slice(0, quickOrLong(1, 4)))(
    'names none where the runs before looked for as many: %j, then %j',
    async (before, now) => expect(await named(before, now)).toEqual([]),
  );
});
