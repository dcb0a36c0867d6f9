import type { Clock } from '../system/clock.ts';
import type { Environment } from '../environment.ts';
import type { Prompter } from './prompter.ts';

/** A place to write text to. */
interface TextStream {
  write(text: string): void;
  /** Columns of the terminal behind it; null when there is none. */
  readonly columns: number | null;
}

/** A place for results. */
export interface ResultStream extends TextStream {
  /** Whether anybody still reads it: `| head` goes when it has enough. */
  readonly isOpen: boolean;
  /** Resolves when what was written has left the process, or never will: what writes much waits, and holds little of it. */
  drained(): Promise<void>;
}

/** The process that the program runs in, as `bin.ts` hands it over: nothing else in the program touches it. */
export interface ProcessContext {
  /** What follows the name of the program. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Results. */
  readonly stdout: ResultStream;
  /** Log: progress, warnings, errors. */
  readonly stderr: TextStream;
  /** Asks whoever sits at the terminal; null: nobody does. */
  readonly prompter: (() => Promise<Prompter>) | null;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly process: Environment['process'];
  readonly isAlive: Environment['isAlive'];
  /** How many threads turn the messages of a run into files; 0: none, this one does. */
  readonly loadThreads: number;
  /**
   * Aborted by the first SIGINT or SIGTERM, with an InterruptedError. Whoever asks for it promises to end in order; a
   * command that never asks is ended by the signal at once.
   */
  interruption(): AbortSignal;
}
