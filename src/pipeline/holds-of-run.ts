import { recordedHolds } from '../archive/purges/recorded-holds.ts';
import type { State } from '../archive/state/state.ts';
import type { Job } from '../job/job.ts';
import { ownValue } from '../model/json/own-value.ts';
import type { Held, PurgeRule } from '../model/run/purge-rule.ts';
import type { RunPlan } from '../plan/run-plan.ts';
import type { LateHold } from '../record/notes/late-hold-notes.ts';
import type { Disk } from '../system/disk.ts';

type TimeRule = Extract<PurgeRule, { kind: 'before' }>;

/** Whom a run leaves alone of what purges by time keep out. */
interface HoldsOfRun {
  readonly held: Held;
  /** What earlier purges took of it before it was held, and this run does not read again. */
  readonly late: readonly LateHold[];
  /** Why nobody could look which names people and rooms had before; null: somebody did. */
  readonly unlooked: string | null;
}

/**
 * Finds out whom the job of a run holds, where there is a purge by time to be stronger than: by names of today, and by all
 * that rows of the archive have.
 *
 * @returns undefined: nobody is held, or nothing is kept out by its time
 * @throws OutputError for a chain that is damaged; the signal's reason
 */
export async function holdsOfRun(
  disk: Disk,
  { output: archive, hold }: Pick<Job, 'output' | 'hold'>,
  {
    state,
    runPlan,
    purges,
  }: { readonly state: State; readonly runPlan: RunPlan; readonly purges: readonly PurgeRule[] },
  signal: AbortSignal,
): Promise<HoldsOfRun | undefined> {
  const rules = purges.filter((rule) => rule.kind === 'before');
  const { rooms = [], users = [] } = hold ?? {};
  if (rules.length === 0 || rooms.length + users.length === 0) return undefined;
  // Few jobs hold anything: what purges is loaded then.
  const [{ HeldNames }, { findHeld }] = await Promise.all([
    import('../purge/holds/held-names.ts'),
    import('../purge/holds/find-held.ts'),
  ]);
  const names = new HeldNames({ rooms, users });
  names.noteLists(Object.values(state.lists));
  for (const { room } of [...runPlan.streams, ...runPlan.changes, ...runPlan.rereads]) {
    names.noteRoom(room.id, [room.name, ...(room.formerNames ?? [])]);
  }
  const { userIds, because } = await findHeld(disk, archive, names, signal);
  const before = await recordedHolds(disk, archive);
  const whole = roomsReadWhole(state, runPlan);
  const isRead = (id: string): boolean => !whole.has(id) && Object.values(state.lists).some((one) => one.roomId === id);
  const lateRooms = rooms.flatMap((name): readonly LateHold[] => {
    const ids = [...(names.rooms.get(name) ?? [])].filter(isRead);
    const lacking = rules.filter(({ heldRooms }) => ids.some((id) => !heldRooms.includes(id)));
    return before.rooms.includes(name) ? [] : lateHold('room', name, lacking);
  });
  const isAllRead = Object.values(state.lists).every(({ roomId }) => whole.has(roomId));
  const lateUsers = users.flatMap((name): readonly LateHold[] => {
    const ids = [...(names.users.get(name) ?? [])];
    // Of whom all is purged the archive has no id.
    const lacking = rules.filter(({ heldUsers }) => ids.length === 0 || ids.some((id) => !heldUsers.includes(id)));
    return isAllRead || before.users.includes(name) ? [] : lateHold('user', name, lacking);
  });
  return {
    held: { rooms: sorted(rooms, names.roomIds), users: sorted(users, userIds) },
    late: [...lateRooms, ...lateUsers],
    unlooked: because,
  };
}

function lateHold(kind: LateHold['kind'], name: string, rules: readonly TimeRule[]): readonly LateHold[] {
  const before = rules
    .map((rule) => rule.before)
    .sort()
    .at(-1);
  return before === undefined ? [] : [{ kind, name, before }];
}

/** Rooms that this run reads from their beginning: for the first time, or after a reset. */
function roomsReadWhole({ lists }: State, { streams }: RunPlan): ReadonlySet<string> {
  const rooms = new Map<string, boolean>();
  for (const { room, key } of streams) {
    const isWhole = (ownValue(lists, key)?.cursor.watermark ?? null) === null;
    rooms.set(room.id, (rooms.get(room.id) ?? true) && isWhole);
  }
  return new Set([...rooms].flatMap(([id, isWhole]) => (isWhole ? [id] : [])));
}

function sorted(names: readonly string[], ids: ReadonlySet<string>): readonly string[] {
  return [...new Set([...names, ...ids])].sort();
}
