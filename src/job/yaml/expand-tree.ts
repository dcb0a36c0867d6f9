import { formatKeyPath, isSecretPath } from '../problem.ts';
import type { KeyPath, JobProblem } from '../problem.ts';
import type { WrittenAt } from '../schema/schema-problems.ts';
import { expandVariables } from './variables.ts';
import type { ReadSecret } from './variables.ts';
import type { YamlTree } from './yaml-tree.ts';

interface ExpandedTree {
  /** Plain data, as JSON.parse would make it. */
  readonly value: unknown;
  readonly writtenAt: WrittenAt;
  readonly problems: readonly JobProblem[];
}

/**
 * Puts variables into the strings of a parsed file, never into its keys: the structure stays as it was written.
 *
 * @param readSecret also given the key of the job whose value it is for
 * @param onOutsideValue called with each value that came from a variable or a file, but for variables that name rooms to read
 */
export async function expandTree(
  tree: YamlTree,
  env: Readonly<Record<string, string | undefined>>,
  readSecret: (path: string, key: KeyPath) => ReturnType<ReadSecret>,
  onOutsideValue?: (value: string) => void,
): Promise<ExpandedTree> {
  const written = new Map<string, string>();
  const problems: JobProblem[] = [];
  const value = await expand(tree, []);
  return { value, problems, writtenAt: (path) => written.get(formatKeyPath(path)) };

  async function expand(node: YamlTree, path: KeyPath): Promise<unknown> {
    switch (node.kind) {
      case 'scalar': {
        if (typeof node.value !== 'string') return node.value;
        const expansion = await expandVariables(
          node.value,
          env,
          (file) => readSecret(file, path),
          (content, source) => {
            if (source === 'file' || !namesRooms(path)) onOutsideValue?.(content);
          },
          isSecretPath(path),
        );
        if (expansion.kind === 'failed') {
          problems.push({ path, text: expansion.text, hint: expansion.hint });
          return node.value;
        }
        if (expansion.hasVariable) written.set(formatKeyPath(path), node.value);
        return expansion.text;
      }
      case 'list': {
        const items: unknown[] = [];
        for (const [index, item] of node.items.entries()) items.push(await expand(item, [...path, index]));
        return items;
      }
      case 'map': {
        const entries: [string, unknown][] = [];
        for (const [key, { value: child }] of node.entries) entries.push([key, await expand(child, [...path, key])]);
        // fromEntries defines properties: a key called __proto__ stays a key.
        return Object.fromEntries(entries);
      }
    }
  }
}

/** What a run reports by its name anyway: with "[secret]" for it nobody sees which room is meant. */
function namesRooms(path: KeyPath): boolean {
  return path[0] === 'extract' && path[2] === 'rooms';
}
