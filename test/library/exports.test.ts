import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as library from '../../src/index.ts';

/** Every name of the library that is there when it runs, and what it is for. */
const purposes: Readonly<Record<keyof typeof library, string>> = {
  loadJob: 'reads a job from a file',
  jobFromFlags: 'makes a job of what a command line holds',
  tableNames: 'what a job may put into `transform.tables`',
  runJob: 'does what `run` does',
  planJob: 'does what `plan` does',
  checkJob: 'does what `check` does',
  connect: 'one door to a workspace that logs in, retries and keeps to the rate limits',
  latest: 'does what `latest` does, for a program that reads the rows',
  writeLatest: 'does what `latest --output` does',
  writeReport: 'does what `report` does',
  writeTranscript: 'does what `transcript` does',
  searchArchive: 'does what `search` does',
  messageHistory: 'does what `history` does',
  readState: 'does what `state show` does',
  verifyArchive: 'does what `verify` does',
  verifyPushed: 'does what `verify s3://…` does',
  changeState: 'does what `state reset`, `forget` and `rebuild` do',
  loadArchive: 'does what `load` does',
  emitLines: 'does what `emit` does',
  pushArchive: 'does what `push` does',
  pullArchive: 'does what `pull` does',
  scheduleJobs: 'does what `schedule` does',
  compactArchive: 'does what `compact` does',
  purgeArchive: 'does what `purge` does',
  rebuildArchive: 'does what `rebuild` does',
  compareWithServer: 'does what `verify --server` does',
  createSink: 'opens a format, to write rows of one’s own',
  sinks: 'the built-in formats',
  messageTables: 'the columns of the tables made of messages',
  roomsTable: 'the columns of the table of rooms',
  usersTable: 'those of the table of users',
  roomMembersTable: 'those of the table of members of rooms',
  schemaVersion: 'counts changes of those columns',
  tableJsonSchema: 'describes the rows of a table, as `schema` does',
  signerFromKey: 'signs a compaction with the key of the archive',
  systemClock: 'the real clock, to build another on',
  nodeDisk: 'the real disk, to build another on',
  ExportError: 'what every error of ours is: a message, a hint, an exit code',
  AccessError: 'the login was refused',
  DifferenceError: 'a file is not what its manifest says',
  InterruptedError: 'a signal ended it',
  JobError: 'the job is wrong',
  OutputError: 'the archive cannot be read or written',
  RoomError: 'one room cannot be read',
  StoppedError: 'it stopped in order, and can be run again',
  UnreachableError: 'no Rocket.Chat responds',
  UsageError: 'the arguments are wrong',
  exitCodes: 'what the commands exit with',
  tool: 'name and version, as manifests hold them',
};

const isClass = (value: unknown): boolean => /^class\b/.test(String(value));

describe('the library', () => {
  it('has each of its functions called in these tests, on a small archive or workspace', () => {
    const tests = ['functions', 'archive-functions']
      .map((name) => readFileSync(join(import.meta.dirname, `${name}.test.ts`), 'utf8'))
      .join();
    const functions = Object.entries(library).filter(([, value]) => typeof value === 'function' && !isClass(value));
    expect(functions.map(([name]) => name).filter((name) => !tests.includes(`${name}(`))).toEqual([]);
  });

  it('has these names and no others', () => expect(Object.keys(library).sort()).toEqual(Object.keys(purposes).sort()));
});
