import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { restDateMs } from '../../../src/model/time/rest-date.ts';

const century = { min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true };

describe('restDateMs', () => {
  it('reads every date as Date.parse does, but for those it leaves to a closer look', () => {
    fc.assert(
      fc.property(fc.date(century), (date) => {
        const text = date.toISOString();
        expect(restDateMs(text)).toBe(text.slice(5, 10) === '02-29' ? undefined : date.getTime());
      }),
    );
  });

  it('reads the first and last day of every month of leap years and others', () => {
    for (const year of [1970, 1972, 2000, 2023, 2024, 2100, 2400]) {
      for (let month = 0; month < 12; month++) {
        for (const date of [new Date(Date.UTC(year, month, 1)), new Date(Date.UTC(year, month + 1, 1) - 1)]) {
          const text = date.toISOString();
          if (text.slice(5, 10) !== '02-29') expect(restDateMs(text)).toBe(date.getTime());
        }
      }
    }
  });

  it.each([
    '',
    '2023-01-01T12:00:00Z',
    '2023-01-01T12:00:00.123+01:00',
    '2023-01-01T12:00:00.123z',
    '2023-01-01 12:00:00.123Z',
    '+02023-01-01T12:00:00.12Z',
    '1969-12-31T23:59:59.999Z',
    '2023-00-01T12:00:00.123Z',
    '2023-13-01T12:00:00.123Z',
    '2023-02-30T12:00:00.123Z',
    '2023-04-31T12:00:00.123Z',
    '2023-01-00T12:00:00.123Z',
    '2023-01-01T24:00:00.000Z',
    '2023-01-01T12:60:00.123Z',
    '2023-01-01T12:00:60.123Z',
    '2023-01-01T12:00:00.12aZ',
    '2023-01-01T12:00:00.a23Z',
    '2o23-01-01T12:00:00.123Z',
    '2023-1 -01T12:00:00.123Z',
  ])('leaves %j alone', (text) => {
    expect(restDateMs(text)).toBeUndefined();
  });
});
