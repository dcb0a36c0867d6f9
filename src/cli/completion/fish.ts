import { tool } from '../../version.ts';
import { inQuotes, type CompletedCommand } from './completed-words.ts';

/** One line for each word: fish does the rest, files included. */
export function fishCompletion(commands: readonly CompletedCommand[]): string {
  const quoted = (text: string): string => inQuotes(text.replaceAll('\\', '\\\\'), "\\'");
  const lines = commands.flatMap(({ name, meaning, options }) => [
    `complete -c ${tool.name} -n __fish_use_subcommand -f -a ${name} -d ${quoted(meaning)}`,
    ...options.map((option) => {
      const value = option.choices.length > 0 ? ` -x -a '${option.choices.join(' ')}'` : option.takesValue ? ' -r' : '';
      return `complete -c ${tool.name} -n '__fish_seen_subcommand_from ${name}' -l ${option.name}${value} -d ${quoted(option.meaning)}`;
    }),
  ]);
  return `# Completion of ${tool.name} for fish, made by: ${tool.name} completion fish\n${lines.join('\n')}\n`;
}
