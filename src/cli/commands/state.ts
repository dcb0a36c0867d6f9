import { resolve } from 'node:path';
import type { StateAction } from '../../archive/stored-state/change-state.ts';
import type { ArchivedList } from '../../archive/stored-state/archive-state.ts';
import { exitCodes, UsageError } from '../../errors.ts';
import { nearest } from '../../model/text/nearest.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import { counted } from '../../model/text/counted.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { signerOf, signKeyOption } from '../evidence/sign-key.ts';
import { defineCommand } from '../command.ts';

const actions = ['show', 'reset', 'forget', 'rebuild'] as const;
type Action = (typeof actions)[number];

export const state = defineCommand({
  name: 'state',
  usage: 'state <action> <archive>',
  summary: 'Show where the next run starts, or have it read rooms again from their beginning',
  description: `An archive remembers in _state.json how far each list has been read: the messages that one endpoint returns of one room.

Rows that are read again come again, with the number of the later run; nothing that was published is changed or removed. A reset is a link of the chain of manifests, like a run. No run may be open: finish it first by running its job.`,
  positionals: {
    action: { type: 'string', demandOption: true, describe: actions.join(', ') },
    archive: { type: 'string', demandOption: true, describe: 'The folder that a job names as its output' },
  },
  options: {
    room: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'With reset: ids or names of rooms to read again from the server, as show lists them',
    },
    yes: { type: 'boolean', describe: 'With forget: confirms it; nothing is asked' },
    ...signKeyOption,
    json: { type: 'boolean', describe: 'Print the state to stdout as JSON, as it is afterwards: run, lists, changes' },
  },
  examples: [
    ['state show output/nightly', 'one line per endpoint and room'],
    [
      'state reset output/nightly --room ops-oncall',
      'have the next run read a room as it is now, edits and reactions included',
    ],
    ['state reset output/nightly', 'have the next run fill columns that earlier ones lacked, from _raw'],
    ['state forget output/nightly --yes', 'have the next run read everything again'],
    ['state rebuild output/nightly', 'after an error that names _state.json'],
  ],
  notes: [
    `Actions:
  show     lists what it remembers; changes nothing
  reset    has the next run write all current rows anew, as its job makes them, from the responses that every run kept (raw: keep), without asking the server for those; with --room it reads those rooms again from the server
  forget   has the next run read every room again from the server; needs --yes
  rebuild  makes _state.json again from the chain of manifests, when it is damaged or gone`,
    exitCodeTable([0, 64, 70, 73, 75, 130, 143]),
  ],
  run: async ({ action: word, archive: folder, room, yes, signKey, json }, context) => {
    const { processContext, log } = context;
    const action = actionNamed(word);
    const archive = resolve(processContext.cwd, folder);
    checkOptions(action, { room, yes, signKey });
    const signer = await signerOf(signKey, context);
    const { readState } = await import('../../archive/stored-state/read-state.ts');
    const { changeState } = await import('../../archive/stored-state/change-state.ts');
    const { stateTable } = await import('../report/state-report.ts');
    const { clock, process, isAlive } = processContext;
    const found =
      action === 'show'
        ? await readState(archive)
        : await changeState(archive, actionOf(action, room), {
            clock,
            process,
            isAlive,
            signal: processContext.interruption(),
            ...omitUndefined({ signer }),
          });

    if (json === true) processContext.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    else if (action === 'show') processContext.stdout.write(stateTable(found, processContext.stdout.columns));
    if (action === 'reset' && room === undefined) {
      log.info('The next run writes all current rows anew from _raw, as its job makes them', { archive: folder });
    } else if (action === 'reset' || action === 'forget') {
      const reset = found.lists.filter((list) => list.reset);
      const reread = reset.filter(({ gone }) => !gone);
      const messages = reread.reduce((sum, list) => sum + list.messages, 0);
      const rooms = roomsOf(reread);
      const written = counted(messages, 'message');
      log.info(
        `The next run reads ${counted(rooms, 'room')} from the beginning; earlier runs wrote ${written} of ${rooms === 1 ? 'it' : 'them'}`,
        {
          archive: folder,
          rooms,
          lists: reread.length,
          messages,
        },
      );
      const gone = roomsOf(reset.filter((list) => list.gone));
      if (gone > 0) {
        log.info(
          `${counted(gone, 'room is gone, and is', 'rooms are gone, and are')} read from the beginning when back`,
          {
            archive: folder,
            rooms: gone,
          },
        );
      }
    }
    if (action === 'rebuild') log.info(`${folder}: the state is that of run ${found.run}`, { run: found.run });
    return exitCodes.complete;
  },
});

function roomsOf(lists: readonly ArchivedList[]): number {
  return new Set(lists.map(({ room }) => room.id)).size;
}

function actionOf(action: Exclude<Action, 'show'>, room: readonly string[] | undefined): StateAction {
  if (action !== 'reset') return { kind: action };
  return room === undefined ? { kind: 'refill' } : { kind: action, rooms: room };
}

function actionNamed(word: string): Action {
  const action = actions.find((one) => one === word);
  if (action !== undefined) return action;
  const near = nearest(word, actions);
  throw new UsageError(`Unknown action "${word}" of state, expected one of ${actions.join(', ')}`, {
    hint: near === undefined ? 'Run "rocketchat-export state --help"' : `Did you mean "state ${near}"?`,
  });
}

interface StateArguments {
  readonly room: readonly string[] | undefined;
  readonly yes: boolean | undefined;
  readonly signKey: string | undefined;
}

function checkOptions(action: Action, { room, yes, signKey }: StateArguments): void {
  if (action !== 'reset' && room !== undefined) {
    throw new UsageError(`state ${action} takes no --room`, { hint: 'Only reset does' });
  }
  if (signKey !== undefined && (action === 'show' || action === 'rebuild')) {
    throw new UsageError(`state ${action} takes no --sign-key`, { hint: 'It adds no link that could be signed' });
  }
  if (action !== 'forget' && yes !== undefined) {
    throw new UsageError(`state ${action} takes no --yes`, { hint: 'Only forget does' });
  }
  if (action === 'forget' && yes !== true) {
    throw new UsageError('state forget has the next run read every room again from its beginning', {
      hint: 'Add --yes to do it',
    });
  }
}
