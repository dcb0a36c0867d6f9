import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePage } from '../../src/extract/message-page.ts';
import { pageValues } from '../../src/extract/page-values.ts';
import { isBad } from '../../src/model/message.ts';
import type { Answer } from '../../src/model/rocketchat.ts';
import { classifyResponse } from '../../src/rocketchat/http/classify-response.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const request = { method: 'GET', endpoint: 'groups.messages', query: {}, url: 'http://x', secrets: [] } as const;

/** What a walk sees of a body, refusals included. */
function seen(body: Buffer, extent: 'outline' | undefined, status: number): unknown {
  const outcome = classifyResponse({ status, headers: {}, body }, { ...request, ...(extent && { extent }) });
  if (outcome.kind !== 'ok') return 'error' in outcome ? [outcome.kind, outcome.error.message] : outcome;
  const answer: Answer = { body, value: outcome.value, ...(outcome.extent && { extent: outcome.extent }) };
  const marks = (rows: ReturnType<typeof pageValues>['rows']): unknown =>
    rows?.map((row) => (isBad(row) ? row : { id: row.id, tsMs: row.tsMs, hidden: row.hidden, undated: row.undated }));
  try {
    const { rows, total } = parsePage(answer, 'ts', 'groups.messages', 'ops');
    return { history: marks(pageValues(answer).rows), rows: marks(rows), total };
  } catch (error) {
    return String(error);
  }
}

function expectSame(body: Buffer, status = 200): void {
  expect(seen(body, 'outline', status)).toEqual(seen(body, undefined, status));
}

const word = fc.constantFrom('m1', 'é', 'ñandú', '😀', '\ud800', '\u00e9', '\u0000', '"', '\\', '');
const row = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ _id: fc.oneof(word, fc.string()), ts: fc.constant('2024-01-05T10:00:00.000Z'), msg: word }),
  },
  {
    weight: 3,
    arbitrary: fc.record(
      {
        _id: fc.oneof(word, fc.constantFrom<unknown>(null, 7)),
        ts: fc.constantFrom<unknown>('2024-01-05T10:00:00é', 'heute', 'é', 1704448800, null, { $date: 'é' }, ['é', 1]),
        _hidden: fc.constantFrom<unknown>(true, 'é', false),
      },
      { requiredKeys: [] },
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 'é', 5, ['é'], {}) },
);
const answer = fc.record(
  {
    messages: fc.oneof({ weight: 9, arbitrary: fc.array(row, { maxLength: 4 }) }, { weight: 1, arbitrary: word }),
    total: fc.oneof(
      { weight: 9, arbitrary: fc.nat(200) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>('é', null, -1, { é: 'é' }) },
    ),
    success: fc.constantFrom<unknown>(true, true, true, false, 'é'),
    status: fc.constantFrom<unknown>('success', 'error'),
    error: word,
  },
  { requiredKeys: ['messages', 'total'] },
);

const head = '"ts":"2024-01-05T10:00:00.000Z"';

describe('an outline of a page', () => {
  it('gives the marks and the refusals of the whole page, escapes included', () => {
    fc.assert(
      fc.property(answer, fc.boolean(), fc.constantFrom(200, 200, 400, 401, 429, 500), (value, isEscaped, status) => {
        const text = JSON.stringify(value);
        const escaped = text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
        expectSame(Buffer.from(isEscaped ? escaped : text), status);
      }),
      { numRuns: quickOrLong(120, 1200) },
    );
  });

  it('gives them of bytes that are cut, swapped or broken anywhere', () => {
    const bytes = fc.constantFrom(
      0xff,
      0xfe,
      0xc3,
      0xe2,
      0xf0,
      0x80,
      0xa0,
      0xbf,
      0x85,
      0x22,
      0x5c,
      0x0a,
      0x00,
      0x7f,
      0x2c,
      0x7d,
    );
    fc.assert(
      fc.property(answer, fc.array(fc.tuple(fc.nat(), bytes), { maxLength: 4 }), fc.nat(), (value, swaps, cut) => {
        const body = Buffer.from(JSON.stringify(value));
        for (const [at, byte] of swaps) body[at % body.length] = byte;
        expectSame(body);
        expectSame(body.subarray(0, cut % body.length));
      }),
      { numRuns: quickOrLong(150, 1800) },
    );
  });

  it('gives them of random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => expectSame(Buffer.from(bytes))));
  });

  const deep = '['.repeat(600) + ']'.repeat(600);
  it.each([
    ['a byte order mark', `\ufeff{"messages":[],"total":0}`],
    ['a key twice', `{"messages":[{"_id":"a","_id":"é",${head}}],"total":1,"total":2}`],
    ['an escaped key', String.raw`{"messages":[{"\u005fid":"a",${head},"_h\u0069dden":true}],"t\u006ftal":1}`],
    [
      'an id that is escaped Latin-1',
      String.raw`{"messages":[{"_id":"\u00c3\u00a9",${head}},{"_id":"é",${head}}],"total":2}`,
    ],
    [
      'a key named __proto__',
      `{"__proto__":{"messages":[]},"messages":[{"__proto__":{"_id":"b"},"_id":"a",${head}}],"total":1}`,
    ],
    ['a row that is nested too deep', `{"messages":[{"_id":"é",${head},"x":${deep}}],"total":1}`],
  ])('gives them of %s', (_, text) => {
    expectSame(Buffer.from(text));
  });

  it('gives them of keys that only decoding makes equal', () => {
    const text = `{"messages":[{"_id":"a",${head},"\u0001":${deep},"\u0002":1}],"total":1}`;
    const body = Buffer.from(text);
    body[body.indexOf(1)] = 0xfe;
    body[body.indexOf(2)] = 0xff;
    expectSame(body);
  });

  it('gives them of anything that looks like JSON, wherever in a page it stands', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      ' ',
      '\n',
      '\u00a0',
      'true',
      'null',
      'nul',
      '"a"',
      '"_id"',
      '"ts"',
    ];
    const numbers = [
      '0',
      '-0',
      '01',
      '-',
      '1.',
      '.5',
      '1e',
      '1e+',
      '1E-2',
      '12345678901234567890',
      '1e400',
      '+1',
      'NaN',
    ];
    const texts = [
      '"\\u00e9"',
      '"\\u00g9"',
      '"\\x"',
      '"\\/"',
      '"\t"',
      '"\\\\"',
      '"\\\\\\""',
      '"é"',
      '"success"',
      '"status"',
    ];
    const soup = fc
      .array(fc.constantFrom(...pieces, ...numbers, ...texts), { maxLength: 8 })
      .map((parts) => parts.join(''));
    const places = [
      (text: string) => text,
      (text: string) => `{"messages":[{"_id":"a",${head},"x":${text}}],"total":1}`,
      (text: string) => `{"messages":[{"_id":"a",${head},${text}}],"total":1}`,
      (text: string) => `{"messages":[{"_id":${text},${head}}],"total":1}`,
      (text: string) => `{"messages":[{"_id":"a","ts":${text}}],"total":1}`,
      (text: string) => `{"messages":[{"_id":"a",${head},"_hidden":${text}}],"total":1}`,
      (text: string) => `{"messages":[{"_id":"a",${head}}${text}],"total":1}`,
      (text: string) => `{"messages":[],"total":${text}}`,
      (text: string) => `{"messages":[],"total":1,${text}}`,
      (text: string) => `{"messages":[],"total":1}${text}`,
    ];
    fc.assert(
      fc.property(soup, fc.constantFrom(...places), (text, place) => expectSame(Buffer.from(place(text)))),
      { numRuns: quickOrLong(400, 20_000) },
    );
  });

  it('gives them of JSON of any shape and spacing', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom('', ' ', '\t\n', '\r\n  '), (value, space) => {
        const spaced = JSON.stringify(
          { messages: [{ _id: 'a', x: JSON.parse(value) as unknown }], total: 1 },
          null,
          space,
        );
        expectSame(Buffer.from(spaced.replace('"x"', `${head},"x"`)));
      }),
      { numRuns: quickOrLong(100, 2_000) },
    );
  });

  it('reads a usual page by its outline, whatever its texts are, and all of one with an id beyond ASCII', () => {
    const extentOf = (id: string): unknown => {
      const body = Buffer.from(`{"messages":[{"_id":"${id}",${head},"msg":"é"}],"total":1}`);
      const outcome = classifyResponse({ status: 200, headers: {}, body }, { ...request, extent: 'outline' });
      return outcome.kind === 'ok' && outcome.extent;
    };
    expect(extentOf('a')).toBe('outline');
    expect(extentOf('ä')).toBeUndefined();
  });
});
