import { beforeEach, expect, it } from '@jest/globals';
import { nothingJournaled } from '../../src/journal/journal-contents.ts';
import { ReportedLists } from '../../src/queue/reported-lists.ts';
import type { QueueReport } from '../../src/queue/task-queue.ts';
import type { RunEvent } from '../../src/run-event.ts';
import { sampleStream } from '../support/plans/sample-stream.ts';

const stream = sampleStream();
const named = { stream: stream.journal, endpoint: 'groups.messages', room: 'ops' };
let events: RunEvent[];
let lists: ReportedLists;

beforeEach(() => {
  events = [];
  lists = new ReportedLists((event) => events.push(event));
});

const page = (messages: number, fillsHole = false): Extract<QueueReport, { kind: 'page' }> => ({
  ...{ kind: 'page', list: '0001', messages, fillsHole, total: 90 },
});
const resumed = (messages: number, pages: number): RunEvent => ({
  ...{ kind: 'stream-resumed', ...named, messages, pages },
});

it('shows a page of a worker as one that the run has read, with the list that it is of', () => {
  lists.page(stream, page(20));
  expect(events).toEqual([{ kind: 'page', ...named, messages: 20, fillsHole: false, total: 90 }]);
});

it('shows of what a journal turns out to hold only what nobody has reported', () => {
  lists.page(stream, page(20));
  lists.page(stream, page(20));
  events.length = 0;
  lists.resumed(stream, { messages: 50, pages: 3 });
  expect(events).toEqual([resumed(10, 1)]);
  lists.resumed(stream, { messages: 50, pages: 3 });
  lists.resumed(stream, { messages: 40, pages: 2 });
  expect(events).toHaveLength(1);
});

it('counts no page that filled a hole, for a journal has none of it', () => {
  lists.page(stream, page(5, true));
  lists.resumed(stream, { messages: 20, pages: 1 });
  expect(events[1]).toEqual(resumed(20, 1));
});

it('takes pages away from no count when attempts have read some of them twice', () => {
  for (const messages of [20, 20, 20]) lists.page(stream, page(messages));
  events.length = 0;
  lists.resumed(stream, { messages: 70, pages: 2 });
  expect(events).toEqual([]);
  lists.resumed(stream, { messages: 50, pages: 4 });
  expect(events).toEqual([resumed(0, 1)]);
});

it('says once that a list was read, with what was lost of its reports, and nothing of it when the run opens it', () => {
  const read: RunEvent = { kind: 'stream-read', ...named };
  lists.read(stream, nothingJournaled);
  expect(events).toEqual([read]);
  lists.onEvent(read);
  expect(events).toEqual([read]);
  const other: RunEvent = { ...read, stream: '0002-other.pages' };
  lists.onEvent(other);
  expect(events).toEqual([read, other]);
  const filled: RunEvent = { kind: 'page', ...named, messages: 2, fillsHole: true, total: null };
  lists.onEvent(filled);
  expect(events).toEqual([read, other, filled]);
});

it('shows of what the run itself finds in a journal only what no worker has reported', () => {
  lists.onEvent(resumed(30, 2));
  expect(events.splice(0)).toEqual([resumed(30, 2)]);
  lists.page(stream, page(20));
  events.length = 0;
  lists.onEvent(resumed(20, 1));
  expect(events).toEqual([]);
  lists.onEvent(resumed(30, 2));
  expect(events).toEqual([resumed(10, 1)]);
});
