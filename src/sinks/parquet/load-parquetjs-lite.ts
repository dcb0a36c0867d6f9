import type library from 'parquetjs-lite';
import { JobError } from '../../errors.ts';

/** That of package.json, where it is an optional dependency. */
const version = '0.8.7';

/**
 * @param load brings the module, as `import` does
 * @throws JobError where it was left out of the installation (`npm install --omit=optional`)
 */
export async function loadParquetjsLite(
  load: () => Promise<{ readonly default: typeof library }> = () => import('parquetjs-lite'),
): Promise<typeof library> {
  try {
    return (await load()).default;
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    throw new JobError('Cannot use engine "parquetjs-lite": the package parquetjs-lite is not installed', {
      hint: `Run "npm install parquetjs-lite@${version}" where rocketchat-export is installed (with --global if it is global), or use engine "hyparquet"`,
      cause,
    });
  }
}
