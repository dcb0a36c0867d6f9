import type { RunPlan } from '../../../src/plan/run-plan.ts';

/** The second run of an archive, which reads nothing but what the test says. */
export function sampleRunPlan(fields: Partial<RunPlan> = {}): RunPlan {
  return {
    ...{ version: 14, run: 2, startedAt: '2024-02-01T00:00:00.000Z', extractSha256: '', tables: ['messages'] },
    server: { url: 'https://chat.example', version: '7.1', user: { id: 'u1', username: 'archivist' } },
    requestedBy: { host: 'here', user: 'archivist', roles: ['user'] },
    ...{ streams: [], changes: [], rereads: [], changesFromMs: 5_000, silence: { nowMs: 9_000, lookbackMs: 1_000 } },
    ...{
      unchanged: [],
      gone: [],
      rooms: [],
      withheld: [],
      listsOutsidePeriod: 0,
      hiddenTypes: { lists: 0, types: [] },
    },
    people: { listsUsers: false, listsMembers: false, memberLists: [], unlisted: [] },
    seen: { listed: 1, leftOut: [], channelsLeftOut: null, unreadable: null, refused: [], discussions: [] },
    ...fields,
  };
}
