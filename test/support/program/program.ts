import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { sampleLogin } from '../../../src/demo/sample/sample-login.ts';

/** The program as it is installed; `npm test` builds it first. */
const bin = join(import.meta.dirname, '../../../dist/bin.js');

export interface Ended {
  /** null: ended by a signal, not by itself. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves when stderr holds the text. */
  readonly told: (text: string) => Promise<void>;
  readonly ended: Promise<Ended>;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Another build of the program. Default: the one that is installed. */
  readonly program?: string;
}

/** Texts that must never come out, whatever a test does. */
export const secretTexts: readonly string[] = [sampleLogin.authToken, sampleLogin.password, 'wrong-token-1234567890'];

/** The variables of the sample login at a server. */
export function loginAt(url: string): Readonly<Record<string, string>> {
  return {
    ROCKETCHAT_URL: url,
    ROCKETCHAT_USER_ID: sampleLogin.userId,
    ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
  };
}

/** Starts the built program with these variables and no others. */
export function startProgram(args: readonly string[], { cwd, env = {}, program = bin }: ProgramOptions): Started {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const told = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!stderr.includes(text)) return;
        child.stderr.off('data', look);
        resolve();
      };
      child.stderr.on('data', look);
      look();
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const leaked = secretTexts.some((secret) => stdout.includes(secret) || stderr.includes(secret));
      if (leaked) reject(new Error(`A secret came out of: ${args.join(' ')}`));
      else resolve({ code, stdout, stderr });
    });
  });
  return { kill: (signal) => void child.kill(signal), told, ended };
}

export function runProgram(args: readonly string[], options: ProgramOptions): Promise<Ended> {
  return startProgram(args, options).ended;
}

/** Every file below a folder, sorted, `/` between the parts; nothing for a folder that is not there. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}
