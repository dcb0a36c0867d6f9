import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeDisk } from '../../src/system/disk.ts';
import { CrashLab } from '../support/runs/crash-lab.ts';
import { startInPod, writeJobFile, type Child } from '../support/program/built-program.ts';

const canUnshare = spawnSync('unshare', ['--pid', '--fork', '--mount-proc', 'true']).status === 0;
const inPods = canUnshare ? describe : describe.skip;

async function told(child: Child, text: string): Promise<void> {
  let stderr = '';
  void child.ended.then((ended) => child.process.stderr?.emit('data', JSON.stringify(ended)));
  while (!stderr.includes(text)) {
    if (child.process.exitCode !== null) throw new Error(`Ended early: ${stderr}`);
    const [chunk] = (await once(child.process.stderr ?? child.process, 'data')) as unknown[];
    stderr += String(chunk);
  }
}

inPods('two pods over one archive (skipped where PID namespaces are not allowed)', () => {
  let lab: CrashLab;
  beforeAll(async () => {
    // Half a minute for a run: longer than a second pod needs to see that the first one lives.
    lab = await CrashLab.open([300, 30, 14], {}, { latencyMs: 600 }, Date.now());
  });
  afterAll(() => lab.close());

  it('of one host name, both process 1: the second one ends with 75 while the first lives, and takes over when it is dead', async () => {
    await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const first = startInPod(jobFile);
      await told(first, 'starting run 1');
      const holder: unknown = JSON.parse(await readFile(join(archive, '_lock.json'), 'utf8'));
      expect(holder).toMatchObject({ pid: 1, pidNamespace: expect.stringMatching(/^pid:\[\d+\]$/) });

      const second = await startInPod(jobFile).ended;
      expect(second.code).toBe(75);
      expect(second.stderr).toContain('waiting a minute to see whether process 1 on');
      expect(second.stderr).toContain('has been writing to it since');
      expect(first.process.exitCode).toBeNull();

      first.process.kill('SIGKILL');
      await first.ended;
      expect(JSON.parse(await readFile(join(archive, '_lock.json'), 'utf8'))).toEqual(holder);
      const third = await startInPod(jobFile).ended;
      expect({ code: third.code, stderr: third.stderr }).toMatchObject({ code: 0 });
      expect(third.stderr).toContain('resuming run 1');
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });

  it('of which the first is paused for more than a minute: it has lost the lock and says so, and publishes nothing', async () => {
    await lab.withArchive(async (archive) => {
      const jobFile = await writeJobFile(`${archive}.yaml`, lab.job(archive));
      const first = startInPod(jobFile);
      await told(first, 'starting run 1');
      const { pid } = first.process;
      const program = Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim());
      process.kill(program, 'SIGSTOP');
      const second = await startInPod(jobFile).ended;
      expect({ code: second.code, stderr: second.stderr }).toMatchObject({ code: 0 });
      process.kill(program, 'SIGCONT');
      const { code, stderr } = await first.ended;
      expect(code).toBe(75);
      expect(stderr).toMatch(/Lost the lock of .*; nothing was published since/);
      await lab.expectUnbroken(nodeDisk, archive);
    });
  });
});
