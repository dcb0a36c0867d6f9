import type { Exchange } from '../../../src/demo/server/exchange.ts';
import { createPrng, type Prng } from '../../../src/demo/sample/prng.ts';
import { text } from '../../../src/demo/server/params.ts';
import { jsonReply, type Reply } from '../../../src/demo/server/reply.ts';
import type { Rules } from '../../../src/demo/server/rules.ts';
import { send } from '../../../src/demo/server/server.ts';
import { defaultRateLimit } from '../../../src/demo/server/server-settings.ts';
import type { WorkspaceRoom } from '../../../src/demo/workspace/workspace-room.ts';
import type { Happening, NightName } from './acts/calendar.ts';
import type { LifeWorld } from './life-world.ts';
import { messageActs, type Act } from './acts/message-acts.ts';

/** Nothing that keeps a run from reading a room; at most so much of it a night. */
const meanwhileActs: readonly Act[] = Object.values(messageActs);
const mostMeanwhile = 25;

/** What people and the server do to a run while it reads. */
export class Night {
  /** Ids of rooms whose messages, or whose changes, cannot be read tonight. */
  readonly unreadable = new Set<string>();
  readonly withoutChanges = new Set<string>();
  readonly #prngs: ReadonlyMap<NightName, Prng>;
  readonly #world: LifeWorld;
  readonly #log: (act: string) => void;
  readonly #replies: ((exchange: Exchange) => Reply | undefined)[] = [];
  #left = mostMeanwhile;

  constructor(world: LifeWorld, happenings: readonly Happening[], log: (act: string) => void) {
    this.#world = world;
    this.#log = log;
    this.#prngs = new Map(happenings.map(({ what, seed }) => [what as NightName, createPrng(seed)]));
    this.#refuseList();
    this.#refuseChanges();
    this.#breakRoom();
  }

  prng(name: NightName): Prng | undefined {
    return this.#prngs.get(name);
  }

  /** Whether nobody and nothing disturbs the run. */
  get isOrdinary(): boolean {
    return [...this.#prngs.keys()].every((name) => name === 'compact' || name === 'limit');
  }

  settle(rules: Rules): void {
    rules.version = this.#world.settings.version;
    rules.rateLimit = this.#prngs.has('limit') ? defaultRateLimit : null;
  }

  /** @returns whether it has answered itself */
  intercept(exchange: Exchange): boolean {
    this.#liveOn();
    for (const reply of this.#replies) {
      const made = reply(exchange);
      if (made === undefined) continue;
      send(exchange.response, made);
      return true;
    }
    return false;
  }

  #liveOn(): void {
    const prng = this.#prngs.get('meanwhile');
    if (prng === undefined || this.#left === 0 || !prng.chance(0.4)) return;
    this.#left -= 1;
    // Never two changes of a message in one millisecond: nobody could tell its versions apart.
    this.#world.trueMs += prng.integer(1, 2_000);
    prng.pick(meanwhileActs)(this.#world, prng);
    this.#log('meanwhile');
  }

  #someRoom(prng: Prng | undefined): WorkspaceRoom | undefined {
    const { rooms } = this.#world;
    return prng === undefined || rooms.length === 0 ? undefined : prng.pick(rooms);
  }

  #refuseList(): void {
    const room = this.#someRoom(this.#prngs.get('refuseList'));
    if (room === undefined) return;
    this.unreadable.add(room.id);
    this.#replies.push(({ endpoint, params }) =>
      /messages|history/i.test(endpoint) && endpoint !== 'chat.syncMessages' && roomIdOf(params) === room.id
        ? refusal('error-room-not-found')
        : undefined,
    );
  }

  #refuseChanges(): void {
    const prng = this.#prngs.get('refuseChanges');
    const room = this.#someRoom(prng);
    if (prng === undefined || room === undefined) return;
    const everywhere = prng.chance(0.5);
    for (const { id } of everywhere ? this.#world.rooms : [room]) this.withoutChanges.add(id);
    this.#replies.push(({ endpoint, params }) => {
      if (endpoint !== 'chat.syncMessages') return undefined;
      if (everywhere) return jsonReply(404, { status: 'error', message: 'API endpoint does not exist' });
      return roomIdOf(params) === room.id ? refusal('error-not-allowed') : undefined;
    });
  }

  #breakRoom(): void {
    const room = this.#someRoom(this.#prngs.get('breakRoom'));
    if (room === undefined) return;
    this.unreadable.add(room.id);
    this.#replies.push(({ params }) => (roomIdOf(params) === room.id ? jsonReply(504, {}) : undefined));
  }
}

function roomIdOf(params: Exchange['params']): string | undefined {
  return text(params, 'roomId');
}

function refusal(code: string): Reply {
  return jsonReply(400, { success: false, error: `Refused [${code}]`, errorType: code });
}
