import { describe, expect, it } from '@jest/globals';
import { JobError } from '../../../src/errors.ts';
import { loadParquetjsLite } from '../../../src/sinks/parquet/load-parquetjs-lite.ts';

describe('the engine parquetjs-lite', () => {
  it('says how to add the package where it is not installed', async () => {
    const missing = Object.assign(new Error("Cannot find package 'parquetjs-lite'"), { code: 'ERR_MODULE_NOT_FOUND' });
    const failure: unknown = await loadParquetjsLite(() => Promise.reject(missing)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(JobError);
    expect(failure).toMatchObject({
      message: 'Cannot use engine "parquetjs-lite": the package parquetjs-lite is not installed',
      hint: expect.stringContaining('npm install parquetjs-lite@') as unknown,
    });
  });

  it('leaves any other failure of the package what it is', async () => {
    const broken = new Error('broken');
    await expect(loadParquetjsLite(() => Promise.reject(broken))).rejects.toBe(broken);
  });
});
