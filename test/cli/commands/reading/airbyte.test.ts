import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { nodeDisk } from '../../../../src/system/disk.ts';
import { fixtureRow, publishFixture } from '../../../support/archives/revised-archive.ts';
import { airbyteMessages } from '../../../support/databases/airbyte-destination.ts';
import { inTemporaryFolder } from '../../../support/disk/temporary-folder.ts';
import { runHere } from '../../../support/program/fake-process.ts';

it('airbyte answers what Airbyte asks: spec, check, discover, read, and read again from its state', () =>
  inTemporaryFolder(async (cwd) => {
    const row = fixtureRow('messages', { message_id: 'a', room_id: 'r', op: 'upsert', run: 1 });
    const sinks = [{ format: 'jsonl' } as const];
    await publishFixture(nodeDisk, join(cwd, 'archive'), [{ tables: { messages: { first: [row] } }, sinks }]);
    const file = (name: string, value: unknown): Promise<void> => writeFile(join(cwd, name), JSON.stringify(value));
    await file('config.json', { archive: 'archive' });
    await file('nowhere.json', { archive: 'nowhere' });
    const ask = async (...args: readonly string[]) => {
      const { code, stdout } = await runHere(['airbyte', ...args], { cwd });
      return { code, messages: airbyteMessages(stdout) };
    };
    const config = ['--config', 'config.json'];
    expect((await ask('spec')).messages).toMatchObject([
      { spec: { connectionSpecification: { required: ['archive'], properties: { archive: { type: 'string' } } } } },
    ]);
    expect((await ask('check', ...config)).messages).toMatchObject([{ connectionStatus: { status: 'SUCCEEDED' } }]);
    expect(await ask('check', '--config', 'nowhere.json')).toMatchObject({
      code: 0,
      messages: [{ connectionStatus: { status: 'FAILED', message: expect.stringContaining('there is no archive') } }],
    });
    const [found] = (await ask('discover', ...config)).messages;
    const streams = found?.type === 'CATALOG' ? found.catalog.streams : [];
    expect(streams.map(({ name }) => name)).toEqual(['messages']);

    const configured = streams.map((stream) => ({
      stream,
      sync_mode: 'incremental',
      destination_sync_mode: 'append_dedup',
    }));
    await file('catalog.json', { streams: configured });
    const read = [...['read', ...config], '--catalog', 'catalog.json'];
    const first = await ask(...read);
    expect(first.messages.map(({ type }) => type)).toEqual(['TRACE', 'TRACE', 'RECORD', 'STATE', 'TRACE']);
    const state = first.messages.find(({ type }) => type === 'STATE');
    await file('state.json', state?.type === 'STATE' ? [state.state] : []);
    const second = await ask(...read, '--state', 'state.json');
    expect(second.messages.map(({ type }) => type)).toEqual(['TRACE', 'STATE', 'TRACE']);

    await file('state.json', [{ type: 'STREAM', stream: {} }]);
    const failed = await ask(...read, '--state', 'state.json');
    expect(failed).toMatchObject({
      code: 64,
      messages: [{ trace: { type: 'ERROR', error: { failure_type: 'config_error' } } }],
    });
    expect((await ask('write')).code).toBe(64);
    expect((await ask('read', ...config)).code).toBe(64);

    const emitted = await runHere(['emit', 'archive', '--protocol', 'airbyte'], { cwd });
    expect(airbyteMessages(emitted.stdout).map(({ type }) => type)).toContain('CATALOG');
  }));
