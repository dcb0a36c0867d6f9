import { askForRefill, resetState } from '../../../../src/archive/stored-state/state-links.ts';
import type { Prng } from '../../../../src/demo/sample/prng.ts';
import { StoppedError, UsageError } from '../../../../src/errors.ts';
import { purgeArchive } from '../../../../src/purge/purge-archive.ts';
import type { PurgeTarget } from '../../../../src/purge/purge-target.ts';
import type { Disk } from '../../../../src/system/disk.ts';
import { compactHere } from '../../archives/compact-here.ts';
import { newProcess } from '../../runs/new-process.ts';
import { dayMs, isoTime } from '../life-world.ts';
import type { ChangingWorkspace } from './changing-workspace.ts';
import { currentRowsOf } from './current-rows-of.ts';

/** What was purged, by what the server says: it must not come back, whatever the job says later. */
export interface Purged {
  readonly messages: ReadonlySet<string>;
  /** Whose messages of before were: what the person sent later may be there. */
  readonly users: ReadonlySet<string>;
  /** Epoch milliseconds: all messages sent earlier. */
  readonly beforeMs: number;
}

const tools = [
  ...(['compact', 'compactToLatest', 'reset', 'forget', 'refill'] as const),
  ...(['purgeMessage', 'purgeUser', 'purgeUser', 'purgeBefore'] as const),
];

/** What whoever keeps an archive does to it between two runs. */
export class ArchiveTools {
  readonly #workspace: ChangingWorkspace;
  readonly #disk: Disk;
  readonly #archive: string;
  readonly #messages = new Set<string>();
  readonly #users = new Set<string>();
  #beforeMs = 0;

  constructor(workspace: ChangingWorkspace, disk: Disk, archive: string) {
    this.#workspace = workspace;
    this.#disk = disk;
    this.#archive = archive;
  }

  get purged(): Purged {
    return { messages: this.#messages, users: this.#users, beforeMs: this.#beforeMs };
  }

  /** @returns what was done; that it was refused, where a run is open or there is nothing to do it to */
  async use(prng: Prng): Promise<string> {
    const what = prng.pick(tools);
    try {
      return `${what} ${await this.#use(what, prng)}`;
    } catch (error) {
      if (error instanceof UsageError || error instanceof StoppedError) return `${what}: refused: ${error.message}`;
      throw error;
    }
  }

  async #use(what: (typeof tools)[number], prng: Prng): Promise<string> {
    const { world } = this.#workspace;
    const at = isoTime(world.trueMs);
    switch (what) {
      case 'compact':
      case 'compactToLatest': {
        const keeps = what === 'compact' ? 'all' : 'latest';
        await compactHere(this.#archive, { keeps }, { disk: this.#disk, clock: world.clientClock() });
        return '';
      }
      case 'reset': {
        const id = prng.pick(world.workspace.rooms).id;
        await resetState(this.#disk, this.#archive, at, () => [id]);
        return id;
      }
      case 'refill':
        await askForRefill(this.#disk, this.#archive, at);
        return '';
      case 'forget':
        await resetState(this.#disk, this.#archive, at, () => 'all');
        return '';
      case 'purgeBefore': {
        const { beganMs, world } = this.#workspace;
        // A time that is still to come is refused.
        const beforeMs = Math.min(beganMs + prng.integer(0, 2 * dayMs), world.clientClock().now());
        await this.#purge({ kind: 'before', beforeMs });
        this.#beforeMs = Math.max(this.#beforeMs, beforeMs);
        return isoTime(beforeMs);
      }
      case 'purgeMessage':
      case 'purgeUser':
        return this.#purgeOf(what, prng);
    }
  }

  /** Of some message in the archive, or of who sent it. */
  async #purgeOf(what: 'purgeMessage' | 'purgeUser', prng: Prng): Promise<string> {
    const rows = await currentRowsOf(this.#disk, this.#archive, 'messages');
    const stored = typeof rows === 'string' ? [] : [...rows.values()].flat();
    if (stored.length === 0) return 'nothing';
    const row = prng.pick(stored);
    const id = String(row['message_id']);
    const sent = this.#workspace.sent.get(id);
    if (what === 'purgeMessage') {
      await this.#purge({ kind: 'messages', ids: [id] });
      this.#messages.add(id);
      return id;
    }
    const name = row['user_id'];
    if (typeof name !== 'string' || sent === undefined) return 'nobody';
    // By a pseudonym alone nobody finds what is stored by the name only: docs/operations.md.
    const shown = stored.filter(({ user_id }) => user_id === name).map(({ message_id }) => String(message_id));
    const all = [...this.#workspace.sent].flatMap(([other, { userId }]) => (userId === sent.userId ? [other] : []));
    await this.#purge({ kind: 'user', name });
    this.#users.add(sent.userId);
    for (const other of name === sent.userId ? all : shown) this.#messages.add(other);
    return `${name} (${sent.userId})`;
  }

  async #purge(target: PurgeTarget): Promise<void> {
    const { clock, disk, process, isAlive, random } = newProcess({
      clock: this.#workspace.world.clientClock(),
      disk: this.#disk,
    });
    await purgeArchive(this.#archive, target, { clock, disk, process, isAlive, random, reason: 'asked', by: 'them' });
  }
}
