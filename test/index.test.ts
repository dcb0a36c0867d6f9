import { describe, expect, it } from '@jest/globals';
import * as library from '../src/index.ts';

describe('the library', () => {
  it('has these names and no others', () => {
    expect(Object.keys(library).sort()).toEqual([
      'AccessError',
      'DifferenceError',
      'ExportError',
      'InterruptedError',
      'JobError',
      'OutputError',
      'RoomError',
      'StoppedError',
      'UnreachableError',
      'UsageError',
      'compactArchive',
      'connect',
      'createSink',
      'exitCodes',
      'jobFromFlags',
      'loadJob',
      'messageTables',
      'nodeDisk',
      'roomsTable',
      'runJob',
      'schemaVersion',
      'sinks',
      'systemClock',
      'tableJsonSchema',
      'tableNames',
      'tool',
      'verifyArchive',
    ]);
  });
});
