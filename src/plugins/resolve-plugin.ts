import { createRequire, isBuiltin } from 'node:module';
import { dirname, isAbsolute, join } from 'node:path';
import { errorCode, JobError } from '../errors.ts';
import type { PluginReference } from '../model/plugin-reference.ts';

export type PluginKind = 'sink' | 'step';

/**
 * The file of a plug-in.
 *
 * @throws JobError when there is none
 */
export function resolvePlugin({ use, cwd }: PluginReference, kind: PluginKind): string {
  const require = createRequire(join(cwd, 'job.js'));
  try {
    if (!isBuiltin(use)) return require.resolve(use);
  } catch (error) {
    const file = errorCode(error) === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? importedFile(require, use) : undefined;
    if (file !== undefined) return file;
  }
  const isPath = use.startsWith('.') || isAbsolute(use);
  throw new JobError(
    isPath
      ? `Cannot load ${kind} "${use}": there is no such file in "${cwd}"`
      : `Cannot load ${kind} "${use}": no package of this name is installed in "${cwd}" or above`,
    {
      hint: isPath
        ? 'Paths start from the folder the command runs in, not from the job file'
        : 'Install it there, or begin the path of a file with "./"',
    },
  );
}

/** The main file of a package that has one for `import` only, which `require.resolve` refuses. */
function importedFile(require: NodeJS.Require, name: string): string | undefined {
  for (const folder of require.resolve.paths(name) ?? []) {
    const path = join(folder, name, 'package.json');
    let manifest: unknown;
    try {
      manifest = require(path);
    } catch {
      continue;
    }
    const main = conditionOf(member(manifest, 'exports'));
    return main === undefined ? undefined : join(dirname(path), main);
  }
  return undefined;
}

/** Node's conditions, in the order the package writes them; `.` is the package itself. */
function conditionOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  for (const [key, value] of Object.entries(exports)) {
    if (!['.', 'node', 'import', 'default'].includes(key)) continue;
    const found = conditionOf(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
