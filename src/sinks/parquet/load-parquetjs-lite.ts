import { errorCode, JobError } from '../../errors.ts';
import type library from 'parquetjs-lite';

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
    if (errorCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new JobError('Cannot use engine "parquetjs-lite": the package parquetjs-lite is not installed', {
      hint: `Run "npm install parquetjs-lite@${version}" where rocketchat-export is installed (with --global if it is global), or use engine "hyparquet"`,
      cause,
    });
  }
}
