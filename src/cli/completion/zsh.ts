import { tool } from '../../version.ts';
import { inQuotes, type CompletedCommand } from './completed-words.ts';

/** A script that works from a folder of fpath, under the name `_rocketchat-export`, and by `source` behind compinit. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name);
  const described = (words: readonly (readonly [word: string, meaning: string])[]): string =>
    words.map(([word, meaning]) => inQuotes(`${word}:${meaning}`, "'\\''")).join(' ');
  const choices = commands.flatMap(({ name, options }) =>
    options
      .filter((option) => option.choices.length > 0)
      .map((option) => `    ('${name} --${option.name}') compadd -- ${option.choices.join(' ')}; return ;;`),
  );
  const options = commands.map(
    ({ name, options }) =>
      `      (${name}) options=(${described(options.map((option) => [`--${option.name}`, option.meaning]))}) ;;`,
  );
  return `#compdef ${tool.name}
# Completion of ${tool.name} for zsh, made by: ${tool.name} completion zsh
_rocketchat_export() {
  local command= at
  local -a commands options
  for ((at = 2; at < CURRENT; at++)); do
    case \${words[at]} in
      (${names.join('|')}) command=\${words[at]}; break ;;
    esac
  done
  if [[ -z $command ]]; then
    commands=(${described(commands.map(({ name, meaning }) => [name, meaning]))})
    _describe command commands
    return
  fi
  case "$command \${words[CURRENT-1]}" in
${choices.join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then
    case $command in
${options.join('\n')}
    esac
    _describe option options
    return
  fi
  _files
}
if [[ \${funcstack[1]} == _${tool.name} ]]; then _rocketchat_export "$@"; else compdef _rocketchat_export ${tool.name}; fi
`;
}
