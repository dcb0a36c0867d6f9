import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expandVariables } from '../../../src/job/yaml/variables.ts';

const env = { A: 'a', EMPTY: '', NESTED: '${A}', _b1: 'b' };
const readSecret = (path: string) => Promise.resolve({ content: `<${path}>` });

async function expand(text: string): Promise<string> {
  const expansion = await expandVariables(text, env, readSecret);
  return expansion.kind === 'text' ? expansion.text : `failed: ${expansion.text}`;
}

describe('expandVariables', () => {
  it.each([
    ['', ''],
    ['plain $A {A} $ $$', 'plain $A {A} $ $$'],
    ['${A}-${_b1}', 'a-b'],
    ['${EMPTY}', ''],
    ['${NESTED}', '${A}'],
    ['${A:-x}', 'a'],
    ['${EMPTY:-x y}', 'x y'],
    ['${NO:-}', ''],
    ['${NO:-a:-b"\n$}', 'a:-b"\n$'],
    ['${A:?m}', 'a'],
    ['${file:/run/secrets/x}', '</run/secrets/x>'],
    ['$${A}', '${A}'],
    ['$$${A}', '$${A}'],
    ['${A}$${A}${A}', 'a${A}a'],
    ['${NO}', 'failed: the variable NO is not set'],
    ['${NO:?}', 'failed: the variable NO is not set'],
    ['${NO:?tell me}', 'failed: the variable NO is not set: tell me'],
    ['${EMPTY:?tell me}', 'failed: the variable EMPTY is empty: tell me'],
    ['${constructor}', 'failed: the variable constructor is not set'],
    ['${}', 'failed: holds a ${ that is no variable'],
    ['${file:}', 'failed: holds a ${ that is no variable'],
    ['${1A}', 'failed: holds a ${ that is no variable'],
    ['${A-x}', 'failed: holds a ${ that is no variable'],
    ['${A', 'failed: holds a ${ that is no variable'],
    ['${NO:-${A}}', 'failed: holds a ${ that is no variable'],
  ])('makes of %j %j', async (text, expected) => {
    expect(await expand(text)).toBe(expected);
  });

  it('leaves text alone that has no ${', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }), async (text) => {
        fc.pre(!text.includes('${'));
        expect(await expand(text)).toBe(text);
      }),
    );
  });

  it('gives back any text that is escaped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('${', '}', 'A', ':', '-', ' ') }), async (text) => {
        expect(await expand(text.replaceAll('${', () => '$${'))).toBe(text);
      }),
    );
  });
});
