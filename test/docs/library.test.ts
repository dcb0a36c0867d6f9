import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { sampleLogin } from '../../src/demo/sample/sample-login.ts';
import { serveWorkspace } from '../../src/demo/server/server.ts';
import { createSmallWorkspace, plainMessage } from '../support/workspaces/small-workspace.ts';
import { fenced, textOf } from './documents.ts';

const root = join(import.meta.dirname, '../..');

describe('docs/library.md', () => {
  it('shows programs that run, one after the other, on an empty folder', async () => {
    const urgent = plainMessage(3, { msg: 'this is urgent' });
    const served = await serveWorkspace(createSmallWorkspace([plainMessage(1), plainMessage(2), urgent]));
    const folder = await mkdtemp(join(tmpdir(), 'library-docs-'));
    try {
      await cp(join(root, 'jobs'), join(folder, 'jobs'), { recursive: true });
      await mkdir(join(folder, 'node_modules'));
      await symlink(root, join(folder, 'node_modules/rocketchat-export'), 'junction');
      const env = {
        PATH: process.env['PATH'],
        ROCKETCHAT_URL: served.url,
        ROCKETCHAT_USER_ID: sampleLogin.userId,
        ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
      };
      const printed: string[] = [];
      for (const [index, code] of fenced(textOf('docs/library.md'), 'ts').entries()) {
        const program = join(folder, `program-${index}.mjs`);
        const { outputText } = ts.transpileModule(code, { compilerOptions: { target: ts.ScriptTarget.ES2022 } });
        await writeFile(program, outputText);
        const { stdout, stderr } = await promisify(execFile)(process.execPath, [program], { cwd: folder, env });
        expect(stderr).toBe('');
        printed.push(stdout);
      }
      expect(printed).toHaveLength(2);
      expect(printed[0]).toMatch(/messages: 3.*\[\]/s);
      expect(printed[1]).toMatch(
        /^\[\]\n\d+ requests, .* minutes at the rate limit\nafter run 1: 2 lists\n1 urgent messages\n$/,
      );
    } finally {
      await served.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
