import { main } from '../../../src/cli/main.ts';
import { Secrets } from '../../../src/cli/log/secrets.ts';
import type { Prompter } from '../../../src/cli/prompter.ts';
import type { ProcessContext } from '../../../src/cli/process-context.ts';
import { type Clock, systemClock } from '../../../src/system/clock.ts';
import { secretTexts, type Ended, type ProgramOptions } from './program.ts';

interface HereOptions extends Partial<ProgramOptions> {
  readonly columns?: number | null;
  /** Who answers questions. */
  readonly prompter?: Prompter | null;
  /** false: nobody reads stdout any more. */
  readonly isOpen?: boolean;
  /** Aborts where the user interrupts; default: never. */
  readonly signal?: AbortSignal;
  /** Default: that of the machine. */
  readonly clock?: Clock;
}

/**
 * The program in this process: for commands that need no signal of the system. `columns` makes both streams a terminal.
 */
export async function runHere(
  argv: readonly string[],
  {
    cwd = '/nowhere',
    env = {},
    columns = null,
    prompter = null,
    isOpen = true,
    signal = new AbortController().signal,
    clock = systemClock,
  }: HereOptions = {},
): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const processContext: ProcessContext = {
    argv,
    env,
    cwd,
    stdout: { write: (text) => (stdout += text), columns, isOpen, drained: () => Promise.resolve() },
    stderr: { write: (text) => (stderr += text), columns },
    prompter: prompter === null ? null : () => Promise.resolve(prompter),
    clock,
    random: Math.random,
    process: { pid: 1, host: 'here', processStartId: null, pidNamespace: 'pid:[1]', bootId: 'boot' },
    isAlive: () => false,
    // Jest loads no TypeScript into a worker thread.
    loadThreads: 0,
    interruption: () => signal,
  };
  const code = await main(processContext, new Secrets(env));
  if (secretTexts.some((secret) => stdout.includes(secret) || stderr.includes(secret))) {
    throw new Error(`A secret came out of: ${argv.join(' ')}`);
  }
  return { code, stdout, stderr };
}
