import { setMaxListeners } from 'node:events';
import { systemClock } from './system/clock.ts';
import { assumeSize } from './cli/arguments/assume-size.ts';
import { hidingLog } from './cli/log/hiding-log.ts';
import { createLineLog } from './cli/log/line-log.ts';
import { main } from './cli/main.ts';
import { reportError } from './cli/log/report-error.ts';
import { Secrets } from './cli/log/secrets.ts';
import type { ResultStream, ProcessContext } from './cli/process-context.ts';
import { InterruptedError, OutputError } from './errors.ts';
import { growHeapSlowly } from './system/grow-heap-slowly.ts';
import { loadThreadsHere } from './system/load-threads.ts';
import { isAlive, thisProcess } from './system/this-process.ts';

/** The only file that touches the process: arguments, environment, signals, streams, exit code. */

// What is over before then has loaded its modules faster, and had no heap that is worth it.
void systemClock.sleep(500).then(() => growHeapSlowly(process.versions.node));

const interruption = new AbortController();
// Each run at work listens to it, and a schedule has many.
setMaxListeners(0, interruption.signal);
/** Whether the command at work ends in order when it is interrupted. */
let endsInOrder = false;

/** Set before the program ends by its own decision. */
let isSettled = false;
function end(code: number): never {
  isSettled = true;
  process.exit(code);
}

function onSignal(signal: 'SIGINT' | 'SIGTERM'): void {
  const error = new InterruptedError(signal);
  // What is on the disk can be resumed from any instant, so nothing is lost by ending at once.
  if (!endsInOrder || interruption.signal.aborted) end(error.exitCode);
  interruption.abort(error);
}
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

/** What became of stdout: nobody who reads (`| head`) is fine, a full disk is not. */
let outputFailure: Error | undefined;
function onStreamError(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') outputFailure ??= error;
}
process.stdout.on('error', onStreamError);
process.stderr.on('error', () => undefined);
assumeSize(process.stdout);
assumeSize(process.stderr);

function textStream(stream: NodeJS.WriteStream): ResultStream {
  return {
    write: (text) => void stream.write(text),
    get columns() {
      return stream.isTTY ? stream.columns : null;
    },
    get isOpen() {
      return stream.writable;
    },
    drained: () => drained(stream),
  };
}

/** A pipe takes what its reader is ready for: the rest would be held here, up to all that there is. */
async function drained(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writableNeedDrain) return;
  const ends = ['drain', 'error', 'close'] as const;
  await new Promise<void>((resolve) => {
    const onEnd = (): void => {
      for (const event of ends) stream.off(event, onEnd);
      resolve();
    };
    for (const event of ends) stream.on(event, onEnd);
  });
}

/** Resolves when everything written so far has left the process, or never will. */
async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  if (!stream.writable) return;
  await new Promise<void>((resolve) => void stream.write('', () => resolve()));
}

const processContext: ProcessContext = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  stdout: textStream(process.stdout),
  stderr: textStream(process.stderr),
  prompter:
    process.stdin.isTTY && process.stderr.isTTY
      ? async () => (await import('./cli/init/terminal-prompter.ts')).terminalPrompter(process.stdin, process.stderr)
      : null,
  clock: systemClock,
  random: Math.random,
  process: thisProcess(),
  isAlive,
  loadThreads: loadThreadsHere(),
  interruption: () => {
    endsInOrder = true;
    return interruption.signal;
  },
};
const secrets = new Secrets(processContext.env);

/** For what no command could catch, such as an error in a callback. */
function crash(error: unknown): void {
  end(reportError(error, hidingLog(createLineLog(processContext, 'warn', 'plain'), secrets)));
}
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
// Nothing is left that could go on, and the work is not done: something waits for what will never come.
process.on('exit', () => {
  // 73 before the program has ended: what starts it (launch.ts) could not load a part of it, and has said so.
  if (isSettled || process.exitCode === 73) return;
  const error = new Error('the program came to its end before its work did');
  process.exitCode = reportError(error, hidingLog(createLineLog(processContext, 'warn', 'plain'), secrets));
});

const exitCode = await main(processContext, secrets);
await flushed(process.stdout);
await flushed(process.stderr);
if (outputFailure !== undefined) {
  const { message } = outputFailure;
  crash(
    new OutputError(`Cannot write the result to stdout: ${message}`, { hint: 'Check where stdout is directed to' }),
  );
}
// Whatever may still be open, an idle socket or a timer, must not keep a finished program.
end(exitCode);
