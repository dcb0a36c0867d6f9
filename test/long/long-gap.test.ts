import { describe, expect, it } from '@jest/globals';
import { readStoredState } from '../../src/archive/stored-state/read-stored-state.ts';
import { serializeState } from '../../src/archive/state/state-schema.ts';
import { mostKnownChanges } from '../../src/archive/state/state.ts';
import { currentTable } from '../../src/snapshot/current-table.ts';
import { nodeDisk } from '../../src/system/disk.ts';
import type { Job } from '../../src/job/job.ts';
import { inflict, type Fault, type FaultPlan } from '../support/network/faults.ts';
import { mentionOfTheLogin, withChangingArchive, type ChangingArchive } from '../support/runs/changing-archive.ts';

const extract: Job['extract'] = [
  { endpoint: 'groups.messages', rooms: ['*'] },
  { endpoint: 'chat.getMentionedMessages', rooms: ['*'] },
];
const tables: Job['transform']['tables'] = ['messages', 'mentioned_messages'];

const nights = 26;
const messagesANight = 100;
const nightSeconds = 86_400;

const refusal: Fault = {
  kind: 'answer',
  status: 400,
  contentType: 'application/json',
  body: '{"success":false,"error":"Query failed to complete"}',
};

const stateOf = async (archive: ChangingArchive): Promise<number> =>
  serializeState(await readStoredState(nodeDisk, archive.job().output)).length;

async function idsOf(archive: ChangingArchive, table: 'messages' | 'mentioned_messages'): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const rows of (await currentTable(nodeDisk, archive.job().output, table)).rows) {
    for (const { message_id, msg } of rows) lines.push([message_id, msg].map(String).join(' '));
  }
  return lines.sort();
}

const truthOf = (archive: ChangingArchive, isWanted: (document: object) => boolean = () => true): readonly string[] =>
  archive
    .room()
    .messages.map((message) => message.document())
    .filter(isWanted)
    .map(({ _id, msg }) => `${_id} ${String(msg)}`)
    .sort();

describe('what stays a gap for weeks', () => {
  it.each<readonly [string, FaultPlan]>([
    ['its deletions', ({ params }) => (params['type'] === 'DELETED' ? refusal : null)],
    ['its changes', ({ endpoint }) => (endpoint === 'chat.syncMessages' ? refusal : null)],
    ['its mentions', ({ endpoint }) => (endpoint === 'chat.getMentionedMessages' ? refusal : null)],
  ])('keeps the state of a room as small as it was after some days, and loses nothing: %s', async (_, plan) => {
    await withChangingArchive('8.8', { extract, transform: { tables } }, async (archive) => {
      archive.served.rules.intercept = inflict(plan);
      const sizes: number[] = [];
      for (let night = 1; night <= nights; night += 1) {
        const at = night * nightSeconds;
        for (let message = 0; message < messagesANight; message += 1) {
          const mentions = message % 10 === 0 ? { mentions: mentionOfTheLogin } : {};
          archive.post(`ops-${night}-${message}`, at - 1_000 + message, { msg: 'said', ...mentions });
        }
        archive.edit(`ops-${Math.max(1, night - 2)}-3`, at - 500, { msg: `edited in night ${night}` });
        await archive.run(at);
        sizes.push(await stateOf(archive));
      }
      const [full = 0] = sizes.slice(Math.ceil((2 * mostKnownChanges) / messagesANight));
      expect(sizes.at(-1)).toBeLessThan(full * 1.05);

      archive.served.rules.intercept = null;
      archive.post('ops-after', (nights + 1) * nightSeconds - 1_000, { mentions: mentionOfTheLogin });
      const healed = await archive.run((nights + 1) * nightSeconds);
      expect(healed.gaps).toEqual([]);
      const messages = await archive.rows(healed);
      expect(new Set(messages.map(({ message_id }) => message_id)).size).toBe(messages.length);
      // At most one edit a night was left to read, and none of what had been delivered comes again.
      expect(messages.length).toBeLessThan(nights + 10);
      expect(await idsOf(archive, 'messages')).toEqual(truthOf(archive));
      expect(await idsOf(archive, 'mentioned_messages')).toEqual(
        truthOf(archive, (document) => 'mentions' in document),
      );
    });
  });
});
