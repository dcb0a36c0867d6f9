import { hourMs } from '../../../../src/model/time/durations.ts';
import { restore } from '../../workspaces/backup.ts';
import type { Act } from './message-acts.ts';

const versions = ['6.13', '7.0', '7.5', '7.10', '8.0', '8.8'] as const;

/** What administrators and their machines do. */
export const serverActs = {
  upgrade: ({ settings }) => {
    const at = versions.findIndex((version) => version === settings.version);
    settings.version = versions[at + 1] ?? settings.version;
  },
  keepHistory: ({ settings }) => void (settings.keepHistory = !settings.keepHistory),
  /** The server's clock is set wrong, or right again. */
  serverClock: (world, prng) => {
    world.serverAheadMs = prng.pick([0, 0, hourMs, -hourMs, -20_000]);
  },
  /** The same of the machine that exports. */
  clientClock: (world, prng) => {
    world.clientAheadMs = prng.pick([0, 0, 10 * 60_000, -10 * 60_000]);
  },
  /** The database of some days ago: rooms, messages and trash. */
  restore: (world, prng) => {
    if (world.backups.length > 0) restore(world.workspace, prng.pick(world.backups));
  },
  /** Nodes of one cluster, minutes apart. */
  nodes: (world, prng) => {
    world.nodesAheadMs = prng.pick([[0], [0, 120_000], [-120_000, 0, 60_000]]);
  },
} as const satisfies Readonly<Record<string, Act>>;
