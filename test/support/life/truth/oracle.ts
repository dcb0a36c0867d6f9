import { defaultLookbackMs } from '../../../../src/job/job.ts';
import type { Manifest } from '../../../../src/archive/manifest/manifest.ts';
import type { MessageDocument } from '../../../../src/demo/workspace/message-document.ts';
import type { ArchiveRows } from './archive-rows.ts';
import type { Ledger, Version } from './ledger.ts';
import { KnownRooms } from './known-rooms.ts';
import type { ListedRoom, RoomList } from './room-list.ts';
import { comparedTables, lineOf, rowsOf, type ComparedTable, type Row } from './truth-lines.ts';

/** What went on in a night, as far as it excuses a run. */
export interface NightFacts {
  readonly list: RoomList;
  /** Ids of rooms of which the server would not give messages, or changes. */
  readonly unreadable: ReadonlySet<string>;
  readonly withoutChanges: ReadonlySet<string>;
}

/**
 * Judges an archive after each run: in every table every message is as the server has it. What may be stale, and for how
 * long, is stated here in the README's words, and nothing else is let pass.
 */
export class Oracle {
  readonly #ledger: Ledger;
  readonly #rows: ArchiveRows;
  readonly #isKept: (document: MessageDocument) => boolean;
  readonly #known = new KnownRooms();
  /** By message: the change that nobody can find any more. It holds until the message changes again. */
  readonly #lost = new Map<string, number>();
  /** By table and message: what the archive had of it after the run before. */
  #before: ReadonlyMap<ComparedTable, ReadonlyMap<string, string>> = new Map();

  /** @param isKept whether the steps of the job leave a message in the tables */
  constructor(ledger: Ledger, rows: ArchiveRows, isKept: (document: MessageDocument) => boolean) {
    this.#isKept = isKept;
    this.#ledger = ledger;
    this.#rows = rows;
  }

  /** @returns what is wrong, in sentences */
  judge(manifest: Manifest, facts: NightFacts): readonly string[] {
    const gapped = new Set(manifest.gaps.map(({ room }) => room.id));
    const problems = [...this.#unexpectedGaps(manifest, facts)];
    const current = new Map(comparedTables.map((table) => [table, linesOf(table, this.#rows.current(table))]));
    const ids = new Set([...this.#ledger.ids, ...[...current.values()].flatMap((lines) => [...lines.keys()])]);
    for (const id of ids) {
      const versions = this.#ledger.versions(id);
      if (versions.length === 0) {
        problems.push(`${id} is in the archive, and never was a message`);
        continue;
      }
      for (const table of comparedTables) {
        const actual = current.get(table)?.get(id) ?? '';
        const problem = this.#judgeMessage(id, table, actual, facts, gapped);
        if (problem !== undefined) problems.push(`${table}: ${id} (${problem})`);
      }
    }
    problems.push(...this.#judgeRooms(facts, gapped), ...this.#judgeVersions());
    this.#known.remember(facts.list, gapped, this.#ledger.now);
    this.#before = current;
    return problems;
  }

  /** Whether there is nothing to ask for: to be asked before `judge`. */
  isIdle(list: RoomList): boolean {
    return this.#known.isIdle(list);
  }

  /**
   * A run whose archive nobody looked into before the next one was published: what it read that one did not read again,
   * and what nobody told it nobody tells any more.
   */
  pass({ gaps }: Pick<Manifest, 'gaps'>, facts: Pick<NightFacts, 'list' | 'withoutChanges'>): void {
    const { list } = facts;
    const gapped = new Set(gaps.map(({ room }) => room.id));
    for (const id of this.#ledger.ids) {
      const versions = this.#ledger.versions(id).filter(({ act }) => act <= list.act);
      const due = versions.at(-1);
      const former = versions.findLast(({ document }) => document !== null);
      if (due !== undefined && !gapped.has(due.roomId)) this.#untold(id, due, former, facts);
    }
    this.#known.remember(list, gapped, this.#ledger.now);
  }

  /** A gap is excused by what was done to the room tonight, and by nothing else. */
  *#unexpectedGaps({ gaps }: Manifest, { list, unreadable }: NightFacts): Generator<string> {
    for (const { room, reason, message } of gaps) {
      if (unreadable.has(room.id)) continue;
      if (reason === 'room-gone' && this.#known.isNewlyGone(room.id, list)) continue;
      yield `an unexpected gap: ${reason} in ${room.id}: ${message}`;
    }
  }

  #judgeMessage(
    id: string,
    table: ComparedTable,
    actual: string,
    facts: NightFacts,
    gapped: ReadonlySet<string>,
  ): string | undefined {
    const { list } = facts;
    const versions = this.#ledger.versions(id);
    // What happened after the room list was asked for may be in or not.
    const dueAt = versions.findLastIndex(({ act }) => act <= list.act);
    const due = versions[dueAt];
    if (versions.slice(Math.max(0, dueAt)).some((version) => this.#lineOf(table, version) === actual)) return undefined;
    if (due === undefined && actual === '') return undefined;
    const later = versions.slice(dueAt + 1);
    // Read where it had been, after it went, and where it went, before it came.
    const isMoving = later.some(({ roomId }) => roomId !== due?.roomId);
    if (isMoving && actual === '') return undefined;
    const former = versions.findLast((version) => this.#lineOf(table, version) === actual);
    // Deletions are asked for before updates: what changed and then went away between the two is in neither list, and
    // the next run is told. Until then the archive has what it had, and nothing else.
    const isGoing = isMoving || later.some(({ document }) => document === null);
    if (isGoing && actual === (this.#before.get(table)?.get(id) ?? '')) return undefined;
    if (former === undefined && actual !== '') return `says what it never said: ${actual}`;
    if (due === undefined) return `is there before it came`;
    if (this.#excuse(id, due, former, facts, gapped) !== undefined) return undefined;
    const is = actual === '' ? 'nothing' : actual;
    return `has been changed by ${due.by} (act ${due.act} of ${list.act}), and is ${is} where ${this.#lineOf(table, due) || 'nothing'} is due`;
  }

  #lineOf(table: ComparedTable, { document }: Version): string {
    return document === null || !this.#isKept(document) ? '' : lineOf(table, rowsOf(table, document));
  }

  /** Why a message may be stale. */
  #excuse(
    id: string,
    due: Version,
    former: Version | undefined,
    facts: NightFacts,
    gapped: ReadonlySet<string>,
  ): string | undefined {
    const { list } = facts;
    const listed = list.rooms.get(due.roomId);
    if (listed === undefined) return 'the login is not in the room, or it is gone: its rows stay';
    if (due.document === null && former !== undefined && !list.rooms.has(former.roomId)) {
      return 'its row is of a room that is gone: its rows stay';
    }
    if (gapped.has(due.roomId)) return 'the manifest names the room as a gap';
    if (this.#lost.get(id) === due.act) return 'the change could not be found when the room was read';
    const readUntil = this.#known.readUntil(due.roomId);
    if (!this.#known.isRead(listed, list) && readUntil !== undefined && due.act > readUntil)
      return 'the room list shows no change, and the room has not been silent for long';
    return this.#untold(id, due, former, facts);
  }

  /** What no server tells the run that reads the room, however often it is asked: then it is lost. */
  #untold(
    id: string,
    due: Version,
    former: Version | undefined,
    { list, withoutChanges }: Pick<NightFacts, 'list' | 'withoutChanges'>,
  ): string | undefined {
    const listed = list.rooms.get(due.roomId);
    const readUntil = this.#known.readUntil(due.roomId);
    if (listed === undefined || !this.#known.isRead(listed, list)) return undefined;
    if (readUntil === undefined || due.act <= readUntil) return undefined;
    const reason = this.#whyUntold(id, due, former, { listed, list, withoutChanges });
    if (reason !== undefined) this.#lost.set(id, due.act);
    return reason;
  }

  #whyUntold(
    id: string,
    due: Version,
    former: Version | undefined,
    { listed, list, withoutChanges }: Pick<NightFacts, 'list' | 'withoutChanges'> & { readonly listed: ListedRoom },
  ): string | undefined {
    if (due.document === null && this.#ledger.hidden.has(id)) return 'Message_KeepHistory: no deletion is told';
    const tsMs = Date.parse((due.document ?? former?.document)?.ts ?? '');
    if (withoutChanges.has(listed.id) && listed.archived && listed.type === 'p') {
      return 'the server refuses chat.syncMessages, and the room can only be read via history';
    }
    if (withoutChanges.has(listed.id) && tsMs < list.clientMs - defaultLookbackMs) {
      return 'the server refuses chat.syncMessages, and the message is older than the lookback';
    }
    if (due.by === 'restore' && listed.archived && listed.type === 'p')
      return 'restored, and the room can only be read via history, which is not compared: a note says so';
    if (due.by === 'restore' && !this.#known.isRestoreNoticed(list))
      return 'restored, and no room of the list is older for it';
    return undefined;
  }

  *#judgeRooms({ list }: NightFacts, gapped: ReadonlySet<string>): Generator<string> {
    const current = this.#rows.current('rooms');
    for (const id of new Set([...list.rooms.keys(), ...current.keys()])) {
      if (gapped.has(id) || list.withheld.has(id)) continue;
      const rows = current.get(id) ?? [];
      const due = list.rooms.get(id)?.row;
      const actual =
        due && rows.map((row) => Object.fromEntries(Object.keys(due).map((name) => [name, row[name] ?? null])));
      const [is, wanted] = [JSON.stringify(actual ?? rows), JSON.stringify(due === undefined ? [] : [due])];
      if (is !== wanted) yield `rooms: ${id} is ${is} where ${wanted} is due`;
    }
  }

  /** Earlier versions are told by old servers only, and as far as a walk meets them. */
  *#judgeVersions(): Generator<string> {
    for (const id of this.#rows.current('message_versions').keys()) {
      if (!this.#ledger.hidden.has(id)) yield `message_versions: ${id} is no earlier version of anything`;
    }
  }
}

/** By message that has rows: a tombstone may be of a message that came and went between two runs. */
function linesOf(table: ComparedTable, rows: ReadonlyMap<string, readonly Row[]>): ReadonlyMap<string, string> {
  return new Map([...rows].flatMap(([id, current]) => (current.length === 0 ? [] : [[id, lineOf(table, current)]])));
}
