import { commonOptions } from '../arguments/parser.ts';
import type { Command, OptionMap } from '../command.ts';

interface CompletedOption {
  /** Without its dashes. */
  readonly name: string;
  readonly meaning: string;
  /** Whether a value follows; `choices` are all there are, else it is a file or a word of the user's. */
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** What a shell offers behind the name of a command. */
export interface CompletedCommand {
  readonly name: string;
  readonly meaning: string;
  readonly options: readonly CompletedOption[];
}

/** The command line as data, for the scripts of all shells. */
export function completedWords(commands: readonly Command[]): readonly CompletedCommand[] {
  return commands.map(({ name, summary, options }) => ({
    name,
    meaning: summary,
    options: [...optionsOf(options), ...optionsOf(commonOptions), help],
  }));
}

const help: CompletedOption = { name: 'help', meaning: 'Show help', takesValue: false, choices: [] };

function optionsOf(options: OptionMap): readonly CompletedOption[] {
  return Object.entries(options).map(([name, { describe = '', type, choices = [] }]) => ({
    name,
    meaning: describe,
    takesValue: type !== 'boolean',
    choices: (Array.isArray(choices) ? choices : [choices]).map(String),
  }));
}

/** In single quotes, as bash, zsh and fish read them alike but for the quote itself. */
export function inQuotes(text: string, quote: string): string {
  return `'${text.replaceAll("'", quote)}'`;
}
