import { tool } from '../../version.ts';
import type { CompletedCommand } from './completed-words.ts';

/** A script for bash 3.2 and newer, which macOS has. Where no word is known, bash completes files. */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const choices = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map(
        (option) =>
          `    '${name} --${option.name}') COMPREPLY=($(compgen -W '${option.choices.join(' ')}' -- "$word")); return ;;`,
      ),
  );
  const options = commands.map(
    ({ name, options }) => `      ${name}) options='${options.map((option) => `--${option.name}`).join(' ')}' ;;`,
  );
  return `# Completion of ${tool.name} for bash, made by: ${tool.name} completion bash
_rocketchat_export() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= options= at
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      ${names.join('|')}) command=\${COMP_WORDS[at]}; break ;;
    esac
  done
  COMPREPLY=()
  if [[ -z $command ]]; then
    COMPREPLY=($(compgen -W '${[...names, '--help', '--version'].join(' ')}' -- "$word"))
    return
  fi
  case "$command $previous" in
${choices.join('\n')}
  esac
  if [[ $word == -* ]]; then
    case $command in
${options.join('\n')}
    esac
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  fi
}
complete -o default -F _rocketchat_export ${tool.name}
`;
}
