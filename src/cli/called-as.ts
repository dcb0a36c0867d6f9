import { tool } from '../version.ts';

/**
 * How whoever called this program calls it: by `npx` where no folder of the PATH has it, as in a clone. npm says so to what
 * it starts. Source: https://docs.npmjs.com/cli/using-npm/scripts (npm_command)
 */
export function calledAs(env: Readonly<Record<string, string | undefined>>): string {
  return env['npm_command'] === 'exec' ? `npx ${tool.name}` : tool.name;
}
