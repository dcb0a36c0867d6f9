import { exitCodes, UsageError } from '../../../errors.ts';
import { exitCodeTable } from '../../report/exit-code-table.ts';
import { defineCommand, type Command } from '../../command.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** @param all the commands, this one among them */
export function completionOf(all: () => readonly Command[]): Command {
  return defineCommand({
    name: 'completion',
    usage: 'completion <shell>',
    summary: 'Print a script that completes commands and options in bash, zsh or fish',
    description: `Prints a script to stdout. It is made of the commands of this version, and starts nothing while you type: print it anew after an update.`,
    positionals: { shell: { type: 'string', demandOption: true, describe: shells.join(', ') } },
    options: {},
    examples: [
      ['completion bash > ~/.local/share/bash-completion/completions/rocketchat-export', 'bash'],
      ['completion zsh > "${fpath[1]}/_rocketchat-export"', 'zsh: any folder of fpath'],
      ['completion fish > ~/.config/fish/completions/rocketchat-export.fish', 'fish'],
    ],
    notes: [exitCodeTable([0, 64, 70])],
    run: async ({ shell: word }, { processContext }) => {
      const shell = shells.find((known) => known === word);
      if (shell === undefined) throw new UsageError(`Unknown shell "${word}", expected one of ${shells.join(', ')}`);
      const { completedWords } = await import('../../completion/completed-words.ts');
      const { bashCompletion } = await import('../../completion/bash.ts');
      const { zshCompletion } = await import('../../completion/zsh.ts');
      const { fishCompletion } = await import('../../completion/fish.ts');
      const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };
      processContext.stdout.write(scripts[shell](completedWords(all())));
      return exitCodes.complete;
    },
  });
}
