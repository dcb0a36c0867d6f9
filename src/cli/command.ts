import type { InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import { interruptedAs, type Interruption } from './log/interrupted-as.ts';
import type { Log } from './log/log.ts';
import type { ProcessContext } from './process-context.ts';

/** What a command works with. */
export interface Context {
  readonly processContext: ProcessContext;
  readonly log: Log;
  /** `--quiet`: results that nobody asked for as JSON are left out. */
  readonly quiet: boolean;
  /** Asks that a text never be printed, whatever happens: tokens and passwords, once they are known. */
  readonly keepSecret: (secret: string) => void;
  /** Asks the same for a value that came from a variable or a file. */
  readonly onOutsideValue: (value: string) => void;
  /** Prints a result for people to stdout, without secrets. Data goes there as it is. */
  readonly print: (text: string) => void;
  /** `text` without secrets. */
  readonly hide: (text: string) => string;
  /** Reports a failure that does not end the command. Returns its exit code. */
  readonly fail: (error: unknown) => number;
}

export type OptionMap = Readonly<Record<string, Options>>;
type PositionalMap = Readonly<Record<string, PositionalOptions & { readonly array?: true }>>;

/** A command of the command line as data: the parser, the help and the suggestions are made of it. */
export interface Command {
  readonly name: string;
  /** The command and its arguments as yargs writes them: `run <job..>`. */
  readonly usage: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What it does and what it does not, for its own help. */
  readonly description: string;
  readonly positionals: PositionalMap;
  /** Whether they end in what somebody looks for, of which a word may begin with `-`. */
  readonly looksForWords?: true;
  readonly options: OptionMap;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  /** Paragraphs below the options. */
  readonly notes: readonly string[];
  /** @param args what yargs parsed by exactly these positionals and options */
  run(args: unknown, context: Context): Promise<number>;
}

/** `page-size` comes as `pageSize`. */
type CamelCase<Name> = Name extends `${infer Head}-${infer Rest}` ? `${Head}${Capitalize<CamelCase<Rest>>}` : Name;

type Values<O extends OptionMap, P extends PositionalMap> = {
  [Name in keyof InferredOptionTypes<O> as CamelCase<Name>]: InferredOptionTypes<O>[Name];
} & InferredOptionTypes<P>;

interface CommandSpec<O extends OptionMap, P extends PositionalMap> extends Omit<Command, 'run'> {
  readonly options: O;
  readonly positionals: P;
  /** What a signal leaves of it; by default nothing to speak of. */
  readonly interrupted?: Interruption;
  /** Returns the exit code. @throws ExportError */
  readonly run: (args: Values<O, P>, context: Context) => Promise<number>;
}

/** Ties the types of a command's arguments to its options; a list of commands forgets them again. */
export function defineCommand<const O extends OptionMap, const P extends PositionalMap>({
  interrupted = { outcome: 'nothing was changed' },
  ...spec
}: CommandSpec<O, P>): Command {
  return {
    ...spec,
    // command-line.ts lets nothing else through: strict, and no option twice unless it is a list.
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions
    run: (args, context) => interruptedAs(interrupted, () => spec.run(args as Values<O, P>, context)),
  };
}
