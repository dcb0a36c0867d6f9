import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConfiguredStream } from '../../../src/database/airbyte/airbyte-files.ts';
import { airbyteCatalog, emitAirbyte } from '../../../src/database/airbyte/emit-airbyte.ts';
import { DifferenceError } from '../../../src/errors.ts';
import type { TableName } from '../../../src/model/table-name.ts';
import { purgeArchive } from '../../../src/purge/purge-archive.ts';
import { publishRows, rowOf, type RowsOfRun } from '../../support/archives/rows-archive.ts';
import {
  AirbyteDestination,
  airbyteMessages,
  type AirbyteStream,
} from '../../support/databases/airbyte-destination.ts';
import { changedMessages, newMessages } from '../../support/databases/load-contract.ts';
import { expectOfProtocol } from '../../support/databases/airbyte-protocol.ts';
import { expectReplicated } from '../../support/databases/singer-target.ts';
import { MemoryDisk } from '../../support/disk/memory-disk.ts';
import { here } from '../../support/runs/run-here.ts';

const archive = '/archive';
const clock = { now: () => 1_700_000_000_000 };
let disk: MemoryDisk;
beforeEach(() => {
  disk = new MemoryDisk();
});

const publish = (content: readonly RowsOfRun[]): Promise<number> =>
  publishRows(archive, content, [{ format: 'jsonl' }], disk);

async function streams(): Promise<readonly AirbyteStream[]> {
  const [only] = airbyteMessages(await airbyteCatalog(archive, undefined, disk));
  if (only?.type !== 'CATALOG') throw new Error('expected a catalog');
  return only.catalog.streams;
}

/** @returns how many records came */
async function read(into: AirbyteDestination, configured?: readonly ConfiguredStream[]): Promise<number> {
  let text = '';
  const options = { clock, disk, ...(configured && { streams: configured }), ...(into.state && { state: into.state }) };
  for await (const { lines } of emitAirbyte(archive, options)) text += lines;
  into.store(text);
  return into.received;
}

const expectAll = (destination: AirbyteDestination, tables: readonly TableName[] = ['messages', 'mentions']) =>
  expectReplicated(archive, destination, tables, disk);

describe('the published schema of the protocol, that every line here is checked against', () => {
  const record = { stream: 'messages', data: { message_id: 'a' }, emitted_at: 1 };

  it.each<[string, unknown]>([
    ['a type that it does not have', { type: 'RECORDS', record }],
    ['a record without its stream', { type: 'RECORD', record: { ...record, stream: undefined } }],
    ['a state without the stream it is of', { type: 'STATE', state: { type: 'STREAM', stream: {} } }],
    ['a status of another word', { type: 'CONNECTION_STATUS', connectionStatus: { status: 'OK' } }],
  ])('refuses %s', (_what, line) => {
    const parsed: unknown = JSON.parse(JSON.stringify(line));
    expect(() => expectOfProtocol('AirbyteMessage', parsed)).toThrow(/must/);
  });

  it('takes a record', () => {
    expect(() => expectOfProtocol('AirbyteMessage', { type: 'RECORD', record })).not.toThrow();
  });
});

describe('a source of Airbyte', () => {
  it('has the tables of the archive as streams, by what tells rows apart', async () => {
    await publish(newMessages(1));
    const found = await streams();
    expect(found.map(({ name, source_defined_primary_key: keys }) => [name, keys])).toEqual([
      ['messages', [['message_id']]],
      ['mentions', [['message_id'], ['position']]],
    ]);
    expect(found[0]?.json_schema['properties']).toMatchObject({
      ts: { format: 'date-time', airbyte_type: 'timestamp_with_timezone' },
      run: { type: ['integer', 'null'] },
    });
  });

  it('gives a destination the archive, value for value: first everything, then what is new, changed or gone', async () => {
    await publish(newMessages(1));
    const destination = new AirbyteDestination(await streams());
    expect(await read(destination)).toBe(40);
    await expectAll(destination);
    expect(await read(destination)).toBe(0);
    await publish(changedMessages(2, 1));
    const later = await read(destination);
    expect(later).toBeGreaterThan(0);
    expect(destination.counted).toBe(later);
    await expectAll(destination);
    expect([...destination.statuses.values()]).toEqual(['COMPLETE', 'COMPLETE']);
  });

  it('has a message that was moved: what is there in a run is later than what is gone in it', async () => {
    await publish(newMessages(1));
    const destination = new AirbyteDestination(await streams());
    await read(destination);
    const moved = rowOf('messages', { message_id: 'moved', run: 2 });
    await publish([{ table: 'messages', mayReplace: true, rows: [moved, { ...moved, op: 'delete' }] }]);
    await read(destination);
    expect(destination.rows('messages').filter(({ message_id: id }) => id === 'moved')).toHaveLength(1);
  });

  it('reads a stream in full whenever that is asked for, without a state of its own', async () => {
    await publish(newMessages(1));
    const destination = new AirbyteDestination(await streams());
    const configured = [
      { name: 'messages', mode: 'full_refresh' } as const,
      { name: 'mentions', mode: 'incremental' } as const,
    ];
    const first = await read(destination, configured);
    expect(Object.keys(destination.state?.versions ?? {})).toEqual(['mentions']);
    expect(await read(destination, configured)).toBe(first - destination.rows('mentions').length);
  });

  it('asks for a refresh where rows were purged, and is right after it', async () => {
    await publish(newMessages(1));
    const destination = new AirbyteDestination(await streams());
    await read(destination);
    const [gone] = destination.rows('messages');
    const ids = [String(gone?.['message_id'])];
    await purgeArchive(archive, { kind: 'messages', ids }, { ...here, disk, reason: 'request', by: 'DPO' });
    await expect(read(destination)).rejects.toThrow(DifferenceError);
    await expect(read(destination)).rejects.toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Refresh the stream') }),
    );
    for (const { name } of await streams()) destination.refresh(name);
    await read(destination);
    await expectAll(destination);
    expect(destination.rows('messages').map(({ message_id: id }) => id)).not.toContain(ids[0]);
  });
});
