import { describe, expect, it } from '@jest/globals';
import { RoomError } from '../../src/errors.ts';
import type { JsonValue } from '../../src/model/json/json-value.ts';
import { parseJsonText } from '../../src/model/json/parse-json-text.ts';
import { parseDateMs, parseMessage, parseRow } from '../../src/model/message.ts';

describe('parseDateMs', () => {
  it.each([
    ['2023-10-16T23:27:02.945Z', 1697498822945],
    [{ $date: 1697498822945 }, 1697498822945],
    ['1970-01-01T00:00:00.000Z', 0],
    ['2023-10-17T01:27:02.945+02:00', 1697498822945],
    ['2023-10-16T23:27:02.945', undefined],
    ['1', undefined],
    ['2023-13-45T00:00:00.000Z', undefined],
    [1697498822945, undefined],
    [null, undefined],
    [{ $date: 9e15 }, undefined],
  ])('reads %j as %j', (value, expected) => expect(parseDateMs(value)).toBe(expected));
});

describe('parseRow', () => {
  const dated = { _id: 'a', ts: '2023-10-16T23:27:02.945Z' };
  const nested = (levels: number): JsonValue => parseJsonText('['.repeat(levels) + ']'.repeat(levels));

  it('takes no message that is nested deeper than the stack reaches', () => {
    expect(parseRow({ ...dated, md: nested(499) })).not.toHaveProperty('problem');
    expect(parseRow({ ...dated, md: nested(4_000) })).toMatchObject({
      id: 'a',
      problem: 'it is nested more than 500 levels deep',
    });
  });

  it.each([
    [1697498822945, 1697498822945],
    [1697498822, 1697498822000],
    ['1697498822945', 1697498822945],
    ['2023-10-16T23:27:02.945123Z', 1697498822945],
    [{ $date: '2023-10-16T23:27:02.945Z' }, 1697498822945],
    [{ $date: 1697498822945 }, 1697498822945],
    [17, undefined],
    ['yesterday', undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined],
    [true, undefined],
  ])('reads %j, which sorts as no date does, as %j', (ts, tsMs) => {
    const row = parseRow({ _id: 'a', ts });
    expect(row).toMatchObject({ id: 'a', undated: { type: expect.any(String) as unknown } });
    expect('problem' in row ? undefined : row.tsMs).toBe(tsMs);
  });
});

describe('parseMessage', () => {
  it('keeps the record verbatim beside what the walk needs', () => {
    const raw = { _id: 'a', ts: '2023-10-16T23:27:02.945Z', _hidden: true, other: [1] };
    expect(parseMessage(raw)).toEqual({ id: 'a', tsMs: 1697498822945, hidden: true, raw });
  });

  it.each([[null], [[]], [{ ts: '2023-10-16T23:27:02.945Z' }], [{ _id: 'a', ts: 'yesterday' }], [{ _id: '' }]])(
    'refuses %j, which no exact walk could place',
    (raw) => expect(() => parseMessage(raw)).toThrow(RoomError),
  );
});
