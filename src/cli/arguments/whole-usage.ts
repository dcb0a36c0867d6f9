import type { Command } from '../command.ts';

/** How a command is called, with the options that it cannot do without: `transcript <archive> --output …`. */
export function wholeUsage({ usage, options }: Pick<Command, 'usage' | 'options'>): string {
  const required = Object.entries(options).filter(([, { demandOption }]) => demandOption === true);
  return [usage, ...required.map(([name]) => `--${name} …`)].join(' ');
}
