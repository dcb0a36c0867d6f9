import { describe, expect, it } from '@jest/globals';
import { noState } from '../../../src/database/emit/emit-state.ts';
import { parseSingerState } from '../../../src/database/singer/singer-state.ts';

const parse = (text: string) => parseSingerState(Buffer.from(text), 'state.json');
const state = { run: 3, manifest_sha256: 'a'.repeat(64), versions: { messages: 1 } };

describe('a state', () => {
  it('is the value of a STATE message', () => expect(parse(`${JSON.stringify(state)}\n`)).toEqual(state));

  it('is none when it is an empty object', () => expect(parse('{}')).toEqual(noState));

  it.each([
    ['', 'it is not JSON'],
    ['{"type":"STATE","value":{}}', '"run" is missing'],
    [JSON.stringify({ ...state, run: 0 }), '"run" is 0'],
    [JSON.stringify({ ...state, versions: { messages: 'x' } }), '"versions.messages" is "x"'],
    ['[]', 'the whole is []'],
    [`${JSON.stringify(state)}\n${JSON.stringify(state)}`, 'it is not JSON'],
  ])('is not %j: %s', (text, problem) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining(`"state.json": ${problem}`) }),
    );
  });
});
