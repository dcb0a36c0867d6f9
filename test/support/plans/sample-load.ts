import type { LoadResult } from '../../../src/model/run/load-result.ts';

/** What loading brings when there is nothing to load, for a job that makes the table of messages. */
export function sampleLoad(fields: Partial<LoadResult> = {}): LoadResult {
  return {
    ...{ files: [], tables: { messages: 0 }, exported: {}, balances: {}, versions: {}, deferred: {}, delivered: {} },
    ...{ unread: [], damaged: [], uncompared: null, unlooked: null, uncomparedRooms: [], steps: [], badFields: {} },
    badColumns: {},
    ...{ seen: { encryptedMessages: 0, files: 0, discussions: {} }, people: { known: {}, notes: [] } },
    completion: { completed: [], incomplete: [], columns: [], outdated: [], unlooked: null },
    ...fields,
  };
}
