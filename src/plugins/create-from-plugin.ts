import { pathToFileURL } from 'node:url';
import { JobError } from '../errors.ts';
import { isFunction } from './is-function.ts';
import { pluginErrorText } from './error-text.ts';
import type { PluginReference } from '../model/plugin-reference.ts';
import { resolvePlugin, type PluginKind } from './resolve-plugin.ts';

const signatures = {
  sink: '(options, { disk }) => sink',
  step: '(options) => (message) => message or null',
} as const satisfies Record<PluginKind, string>;

/**
 * Loads a plug-in and calls its default export, a function, with the options of the job and `context`. What it returns
 * (or resolves to) is for the caller to check.
 *
 * @throws JobError when there is no such module, when it fails, or when it exports something else
 */
export async function createFromPlugin(plugin: PluginReference, kind: PluginKind, context: object): Promise<unknown> {
  const { use, options } = plugin;
  const file = resolvePlugin(plugin, kind);
  let module: unknown;
  try {
    module = await import(pathToFileURL(file).href);
  } catch (cause) {
    throw new JobError(`Cannot load ${kind} "${use}": ${pluginErrorText(cause, plugin)}`, {
      hint: `The error is in "${file}" or in what it imports`,
    });
  }
  const create: unknown = typeof module === 'object' && module !== null ? Reflect.get(module, 'default') : undefined;
  if (!isFunction(create)) {
    const found = create === undefined ? 'there is no default export' : `its default export is ${kindOf(create)}`;
    throw new JobError(`Cannot use ${kind} "${use}": ${found}, expected a function ${signatures[kind]}`, {
      hint: 'docs/library.md shows a whole one',
    });
  }
  try {
    return await create(structuredClone(options), context);
  } catch (cause) {
    throw new JobError(`Cannot make ${kind} "${use}" with its options: ${pluginErrorText(cause, plugin)}`, {
      hint: 'Check the options in the job file against what its author says',
    });
  }
}

/** `a number`, `an object`: what somebody else's code gave, without showing it. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
