import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveWorkspace, type ServedWorkspace } from '../../../src/demo/server/server.ts';
import { serveOpensslTsa, type ServedTsa } from '../../support/network/openssl-tsa.ts';
import { jobText } from '../../support/program/job-text.ts';
import { loginAt } from '../../support/program/program.ts';
import { createSmallWorkspace } from '../../support/workspaces/small-workspace.ts';

const root = join(import.meta.dirname, '../../..');
const execute = promisify(execFile);

interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The programs themselves: what docs/evidence.md tells a third party to type. */
describe('docs/evidence.md', () => {
  let folder: string;
  let archive: string;
  let served: ServedWorkspace;
  let tsa: ServedTsa;
  let page: string;
  const hashes: string[] = [];

  /** In the folder of the archive, where the page says so. */
  const shell = (script: string, cwd = archive): Promise<Done> => {
    const command = `rocketchat-export() { "${process.execPath}" "${join(root, 'dist/bin.js')}" "$@"; }\n${script}`;
    const env = { ...loginAt(served.url), PATH: process.env['PATH'] ?? '' };
    return execute('bash', ['--norc', '-c', command], { cwd, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      (error: unknown) => error as Done,
    );
  };
  /** The commands of the page, block by block. */
  const blocks = (): readonly string[] =>
    [...page.matchAll(/^( *)```\n([^]*?)^ *```$/gm)].map(([, indent = '', text = '']) =>
      text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    );
  const block = (part: string): string => {
    const [found, ...others] = blocks().filter((text) => text.includes(part));
    if (found === undefined || others.length > 0) throw new Error(`No one block has "${part}"`);
    return found;
  };

  beforeAll(async () => {
    page = await readFile(join(root, 'docs/evidence.md'), 'utf8');
    folder = await mkdtemp(join(tmpdir(), 'evidence-'));
    archive = join(folder, 'archive');
    served = await serveWorkspace(createSmallWorkspace(5));
    tsa = await serveOpensslTsa(folder);
    expect(await shell(block('keygen archive.key'), folder)).toMatchObject({ code: 0 });
    const more = `sign: { key: '\${file:archive.key}', timestamp: '${tsa.url}' }\nraw: keep\n`;
    await writeFile(join(folder, 'job.yaml'), jobText({ output: 'archive', more }));
    for (const run of [1, 2]) {
      tsa.isUp = run === 2;
      const { code, stdout, stderr } = await shell('rocketchat-export run job.yaml', folder);
      expect({ code, stderr, run }).toMatchObject({ code: 0, run });
      expect(stderr.includes('without a time stamp; the next run asks again: Cannot get a time stamp from')).toBe(
        run === 1,
      );
      hashes.push(/^SHA-256 of it: ([0-9a-f]{64})$/m.exec(stdout)?.[1] ?? stdout);
    }
    for (const ending of ['.pub.pem', '.allowed_signers'])
      await writeFile(join(archive, `archive.key${ending}`), await readFile(join(folder, `archive.key${ending}`)));
  });
  afterAll(async () => {
    await served.close();
    await tsa.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes a key that only its owner can read', async () => {
    expect((await stat(join(folder, 'archive.key'))).mode & 0o777).toBe(0o600);
    expect(await shell('rocketchat-export keygen archive.key', folder)).toMatchObject({ code: 64 });
    expect(await shell('rocketchat-export keygen archive/other.key', folder)).toMatchObject({ code: 64 });
  });

  it('shows the fingerprint that the program shows', async () => {
    const { stdout } = await shell(block('-outform DER'));
    const [fingerprint = ''] = stdout.split(' ');
    expect((await shell('rocketchat-export verify .')).stdout).toContain(`by the key ${fingerprint}\n`);
  });

  it('has openssl and ssh-keygen verify the newest manifest', async () => {
    expect(await shell(block('pkeyutl'))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^Signature Verified Successfully\nGood "rocketchat-export" signature for archive /,
      ),
    });
  });

  it('has both refuse a manifest of which one byte was changed', async () => {
    const change = `sed 's/"run": 2/"run": 3/' _manifest/run-000002.json > changed; for e in sig sshsig; do cp _manifest/run-000002.json.$e changed.$e; done`;
    const script = block('pkeyutl').replace(/^newest=.*$/m, 'newest=changed');
    const [, openssl = '', sshKeygen = ''] = script.trim().split('\n');
    expect(await shell(`${change}; newest=changed\n${openssl}`)).toMatchObject({ code: 1 });
    expect(await shell(`newest=changed\n${sshKeygen}`)).toMatchObject({ code: 255 });
    await shell('rm changed*');
  });

  it('shows the chain: each manifest names the hash of the one before', async () => {
    const { code, stdout } = await shell(block('for manifest'));
    expect(code).toBe(0);
    expect(stdout).toBe(
      `${hashes[0] ?? ''}  _manifest/run-000001.json\n"previous": {"path":"_manifest/run-000001.json","sha256":"${hashes[0] ?? ''}"}\n${hashes[1] ?? ''}  _manifest/run-000002.json\n`,
    );
  });

  it('has sha256sum check every file', async () => {
    expect(await shell(block('--strict'))).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('finds the hash that each run printed', async () => {
    expect((await shell(block('sha256sum _manifest/run-*.json'))).stdout).toContain(hashes[0]);
  });

  it('has openssl verify the time stamps, also that of the run in which the authority was away', async () => {
    await copyFile(tsa.certificate, join(archive, 'tsa.pem'));
    const script = block('openssl ts -verify');
    for (const run of ['run-000001', 'run-000002']) {
      const { code, stdout } = await shell(script.replace(/^newest=.*$/m, `newest=_manifest/${run}.json`));
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Verification: OK') });
    }
    const other = script
      .replace(/^newest=.*$/m, 'newest=_manifest/run-000001.json')
      .replace('-data "$newest"', '-data job');
    await shell('cp _manifest/run-000002.json job');
    expect(await shell(other)).toMatchObject({ code: 1 });
    await shell('rm job');
  });

  it('has verify say what was checked, and of a key in the archive that it proves consistency only', async () => {
    const command = block('--expect').replace('0123…', hashes[0] ?? '');
    const { code, stdout } = await shell(command);
    expect({ code, stdout }).toMatchObject({ code: 0 });
    expect(stdout).toContain('the key that was given vouches for the newest link, and so for all before it\n');
    expect(stdout).toContain('expected: _manifest/run-000001.json has that SHA-256, and 1 link came after it\n');
    expect((await shell('rocketchat-export verify .')).stdout).toContain(
      'a key found inside the archive proves consistency only',
    );
    expect(await shell(block('--expect').replace('0123…', '0'.repeat(64)))).toMatchObject({ code: 2 });
  });

  it('refuses to add to the archive without its key', async () => {
    await writeFile(join(folder, 'unsigned.yaml'), jobText({ output: 'archive' }));
    const run = await shell('rocketchat-export run unsigned.yaml', folder);
    expect(run).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/it is signed by the key with the fingerprint/),
    });
    expect(await shell('rocketchat-export state forget . --yes')).toMatchObject({ code: 64 });
    expect(await shell('rocketchat-export compact .')).toMatchObject({ code: 64 });
    expect(await shell('rocketchat-export compact . --sign-key ../archive.key')).toMatchObject({ code: 0 });
    const pem = await readFile(join(folder, 'archive.key'), 'utf8');
    const [, secret = ''] = pem.split('\n');
    await writeFile(join(folder, 'inline.yaml'), jobText({ output: 'archive', more: `sign: { key: "${secret}" }` }));
    const inline = await shell('rocketchat-export run inline.yaml --verbose', folder);
    expect(inline).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/sign\.key: expected a private key as PEM/),
    });
    expect(inline.stderr).not.toContain(secret);
  });

  it('hands over to another key, by a link that openssl and ssh-keygen verify with both', async () => {
    const command = /`(rocketchat-export rekey [^`]*)`/.exec(page)?.[1] ?? '';
    await shell('cp archive.key old.key; rocketchat-export keygen new.key', folder);
    expect(await shell(command.replace('<archive>', 'archive'), folder)).toMatchObject({ code: 0 });
    const newest = (await shell('ls _manifest/run-*.json | tail -n 1')).stdout.trim();
    for (const [key, ending] of [
      ['archive.key', '.previous'],
      ['../new.key', ''],
    ] as const) {
      const script = block('pkeyutl').replaceAll('archive.key', key).replaceAll('$newest.', `$newest${ending}.`);
      expect(await shell(script)).toMatchObject({ code: 0 });
      expect(await shell(`rocketchat-export verify . --public-key ${key}.pub.pem`)).toMatchObject({ code: 0 });
    }
    expect(newest).toMatch(/run-00000\d.json$/);
    expect(await shell('rocketchat-export run job.yaml', folder)).toMatchObject({ code: 78 });
  });
});
