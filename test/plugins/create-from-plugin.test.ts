import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobError } from '../../src/errors.ts';
import { createFromPlugin } from '../../src/plugins/create-from-plugin.ts';
import { pluginErrorText } from '../../src/plugins/error-text.ts';
import { resolvePlugin } from '../../src/plugins/resolve-plugin.ts';

describe('plug-ins', () => {
  let cwd: string;
  const files: Readonly<Record<string, string>> = {
    'sink.mjs': 'export default (options, context) => ({ options, context });',
    'old.cjs': 'module.exports = () => "from CommonJS";',
    'missing-import.mjs': 'import "./not-there.mjs"; export default () => 1;',
    'node_modules/both/package.json': '{ "name": "both", "main": "main.js" }',
    'node_modules/both/main.js': '',
    'node_modules/modern/package.json':
      '{ "name": "modern", "type": "module", "exports": { ".": { "types": "./x.d.ts", "import": "./lib/main.js" } } }',
    'node_modules/modern/lib/main.js': 'export default () => "from import";',
    'below/job.txt': '',
  };
  beforeAll(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'plugins-'));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(cwd, name)), { recursive: true });
      await writeFile(join(cwd, name), text);
    }
  });
  afterAll(() => rm(cwd, { recursive: true }));

  const reference = (use: string, options = {}, from = cwd) => ({ use, cwd: from, options, writtenOptions: {} });

  it('are found from the current folder, by path or as a package of it or of a folder above', () => {
    expect(resolvePlugin(reference('./sink.mjs'), 'sink')).toBe(join(cwd, 'sink.mjs'));
    expect(resolvePlugin(reference('../sink.mjs', {}, join(cwd, 'below')), 'sink')).toBe(join(cwd, 'sink.mjs'));
    expect(resolvePlugin(reference(join(cwd, 'sink.mjs')), 'sink')).toBe(join(cwd, 'sink.mjs'));
    expect(resolvePlugin(reference('both', {}, join(cwd, 'below')), 'sink')).toBe(
      join(cwd, 'node_modules/both/main.js'),
    );
  });

  it.each([
    ['./nothing.mjs', 'there is no such file in'],
    ['nothing-installed', 'no package of this name is installed in'],
    ['sink.mjs', 'no package of this name is installed in'],
    ['fs', 'no package of this name is installed in'],
    ['node:fs', 'no package of this name is installed in'],
  ])('that are not there are told: %s', (use, problem) => {
    expect(() => resolvePlugin(reference(use), 'step')).toThrow(JobError);
    expect(() => resolvePlugin(reference(use), 'step')).toThrow(`Cannot load step "${use}": ${problem} "${cwd}"`);
  });

  it('get a copy of their options, and the context', async () => {
    const options = { depth: { a: 1 } };
    const made = (await createFromPlugin(reference('./sink.mjs', options), 'sink', { disk: 1 })) as typeof files;
    expect(made).toEqual({ options, context: { disk: 1 } });
    expect(made['options']).not.toBe(options);
  });

  it('may be CommonJS', async () => {
    await expect(createFromPlugin(reference('./old.cjs'), 'sink', {})).resolves.toBe('from CommonJS');
  });

  it('that cannot be imported say why', async () => {
    const load = createFromPlugin(reference('./missing-import.mjs'), 'sink', {});
    await expect(load).rejects.toThrow(/^Cannot load sink "\.\/missing-import\.mjs": .*not-there\.mjs/);
  });

  it('show no value in an error that a variable brought into an option', () => {
    const options = { url: 'https://x', deep: [{ token: 'hunter22' }], short: 'ab' };
    const plugin = { use: './x.js', cwd, options, writtenOptions: { url: 'https://x', deep: [{ token: '${T}' }] } };
    expect(pluginErrorText(new Error('https://x refused hunter22 and ab\nat …'), plugin)).toBe(
      'https://x refused [secret] and ab',
    );
    expect(pluginErrorText('a text', plugin)).toBe('a text');
    expect(pluginErrorText(undefined, plugin)).toBe('undefined');
    expect(pluginErrorText(new Error(''), plugin)).toBe('an error without a message');
  });
});
