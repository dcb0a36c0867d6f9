import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { jsonText } from '../../src/sinks/json-text.ts';
import { expectedValue } from '../../src/testing/expected-value.ts';

describe('jsonText', () => {
  it('puts U+FFFD for half a surrogate pair, which strict readers refuse even escaped', () => {
    expect(jsonText('a\ud83db\udc4d')).toBe('"a\ufffdb\ufffd"');
    expect(jsonText({ '\udfff': ['\ud800\ud83d\udc4d'] })).toBe('{"\ufffd":["\ufffd👍"]}');
  });

  it('leaves alone what only looks like one', () => {
    const text = String.raw`\ud800 \\udc00 \u0000`;
    expect(jsonText(text)).toBe(JSON.stringify(text));
    expect(jsonText(`${text}\ud800`)).toBe(JSON.stringify(`${text}\ufffd`));
    expect(jsonText('👍')).toBe('"👍"');
  });

  it('writes dates as RFC 3339 in UTC with milliseconds', () => {
    expect(jsonText([{ at: new Date(0) }])).toBe('[{"at":"1970-01-01T00:00:00.000Z"}]');
  });

  it('gives every text back, but for half pairs', () => {
    const texts = fc.string({ unit: fc.constantFrom('\\', 'u', 'd', '8', '0', '"', '\ud83d', '\udc4d', '\0', 'é') });
    fc.assert(fc.property(texts, (text) => expect(JSON.parse(jsonText(text))).toBe(expectedValue(text))));
  });
});
