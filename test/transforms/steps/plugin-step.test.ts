import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JobError } from '../../../src/errors.ts';
import { flatMessageProblem } from '../../../src/transforms/steps/flat-message-problem.ts';
import { loadPluginStep } from '../../../src/transforms/steps/plugin-step.ts';
import type { Step } from '../../../src/transforms/steps/step.ts';
import { sample } from '../../support/messages/sample-message.ts';
import { documentedExample } from '../../support/sinks/documented-example.ts';
import { flattenRaw } from '../../support/messages/raw-message.ts';

describe('a step of the user', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plugin-step-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let files = 0;
  async function load(code: string, options: Readonly<Record<string, unknown>> = {}): Promise<Step> {
    const use = `./step-${++files}.mjs`;
    await writeFile(join(folder, use), code);
    return loadPluginStep({ use, cwd: folder, options, writtenOptions: { ...options, secret: '${SECRET}' } });
  }

  it('is the one of docs/library.md, which changes and drops', async () => {
    const step = await load(documentedExample('hide-words.mjs'), { words: ['secret'] });
    const message = flattenRaw({ msg: 'a secret', u: { username: 'anna' } });
    expect(step.message?.(message)).toEqual({ ...message, msg: 'a ***', text: 'a ***' });
    expect(step.message?.(flattenRaw({ u: { username: 'rocket.cat' } }))).toBeNull();
    expect(step.settings).toEqual({ options: { words: ['secret'], secret: '${SECRET}' } });
  });

  it.each([
    ['() => () => undefined', 'it is undefined, expected the message or null'],
    ['() => async (m) => m', '"id" was changed, expected it as it was'],
    ['() => (m) => ({ ...m, id: "other" })', '"id" was changed, expected it as it was'],
    ['() => (m) => ({ ...m, text: 5 })', '"text" is a number, expected text or null'],
    ['() => (m) => ({ ...m, ts: new Date(NaN) })', '"ts" is an object, expected a valid Date'],
    ['() => (m) => ({ ...m, emoji: [1] })', '"emoji" is a list, expected a list of text'],
    [
      '() => (m) => ({ ...m, links: [{ url: null, label: null }] })',
      '"links" is a list, expected a list in which "url" is text',
    ],
    [
      '() => (m) => ({ ...m, mentions: [{ id: null, username: null, name: null, type: "bot" }] })',
      '"mentions" is a list, expected a list in which "type" is one of user, team, all, here',
    ],
    ['() => (m) => ({ ...m, links: ["https://a.example"] })', '"links" is a list, expected a list of objects'],
    ['() => (m) => { const { extra, ...rest } = m; return rest }', '"extra" is undefined, expected JSON'],
  ])('that is %s fails with the field that is wrong', async (code, problem) => {
    const step = await load(`export default ${code};`);
    const answer = (): unknown => step.message?.(flattenRaw({}));
    expect(answer).toThrow(JobError);
    expect(answer).toThrow(`Step "./step-${files}.mjs" returned no message for message "m1": ${problem}`);
  });

  it('that throws fails with its own words, the message and the step, and without what variables brought', async () => {
    const step = await load(
      'export default ({ secret }) => () => { throw new Error(`no luck with ${secret}\\nand more`) };',
      { secret: 'hunter22' },
    );
    expect(() => step.message?.(flattenRaw({}))).toThrow(
      `Step "./step-${files}.mjs" failed on message "m1": no luck with [secret]`,
    );
  });

  it('cannot change the message it is given', async () => {
    const step = await load('export default () => (m) => { m.text = "x"; return m };');
    expect(() => step.message?.(flattenRaw({}))).toThrow('failed on message "m1"');
  });

  it.each([
    ['export default 5;', 'its default export is a number, expected a function'],
    ['export const step = 1;', 'there is no default export, expected a function'],
    ['export default () => ({});', 'it made an object, expected a function (message) => message or null'],
    ['export default () => { throw new Error("words are missing") };', 'with its options: words are missing'],
    ['export default (', 'Cannot load step'],
  ])('with the module %j cannot be used, in one sentence', async (code, problem) => {
    await expect(load(code)).rejects.toThrow(problem);
    await expect(load(code)).rejects.toBeInstanceOf(JobError);
  });
});

describe('flatMessageProblem', () => {
  it('takes every field as flatten makes it, and a copy of it', () => {
    expect(flatMessageProblem(structuredCopy(sample), sample)).toEqual(sample);
  });

  it('refuses a message without any one of its fields', () => {
    for (const name of Object.keys(sample)) {
      const less = Object.fromEntries(Object.entries(sample).filter(([key]) => key !== name));
      expect(flatMessageProblem(less, sample)).toContain(`"${name}"`);
    }
  });
});

/** Equal values in other objects: what a step that copies answers. */
function structuredCopy(message: typeof sample): unknown {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [
      name,
      name !== 'raw' && Array.isArray(value)
        ? value.map((part: unknown) => (typeof part === 'object' ? { ...part } : part))
        : value,
    ]),
  );
}
