import { idAlphabet } from '../sample/prng.ts';
import { isoTime } from '../workspace/iso-time.ts';
import type { MessageDocument } from '../workspace/message-document.ts';
import type { StoredMessage } from '../workspace/stored-message.ts';

export const benchRoomId = 'benchRoom00000001';

/** 2023-01-01T00:00:00Z; from then on a message every three quarters of a minute. */
export const benchStartMs = 1_672_531_200_000;
const stepMs = 45_000;

interface BenchTemplate {
  readonly message: StoredMessage;
  readonly bytes: MessageCut;
  readonly projectedBytes: MessageCut;
}

/** The JSON of a message in bytes, cut where id and times go: from the id to `ts`, to `_updatedAt`, to the end. */
type MessageCut = readonly [string, string, string];

/** @throws Error when the fields of the message are in another order than the server's */
export function benchTemplate(message: StoredMessage): BenchTemplate {
  const document = message.document();
  return {
    message,
    bytes: cut(message.bytes(), document),
    projectedBytes: cut(message.projectedBytes(), document),
  };
}

function cut(json: string, { _id, rid, ts, _updatedAt }: MessageDocument): MessageCut {
  const head = `{"_id":"${_id}"`;
  const [tsField, updatedField] = [`"ts":"${ts}"`, `"_updatedAt":"${_updatedAt}"`];
  const tsAt = json.indexOf(tsField);
  const updatedAt = json.indexOf(updatedField, tsAt);
  if (!json.startsWith(head) || tsAt < 0 || updatedAt < 0) {
    throw new Error(`Message "${_id}" should begin with its id and have "ts" before "_updatedAt"`);
  }
  return [
    json.slice(head.length, tsAt).replace(`"rid":"${rid}"`, `"rid":"${benchRoomId}"`),
    json.slice(tsAt + tsField.length, updatedAt),
    json.slice(updatedAt + updatedField.length),
  ];
}

/** The `at`th message of a bench room: a template with an id and times of its own, made when asked for. */
export class BenchMessage implements StoredMessage {
  readonly hidden = false;
  readonly #at: number;
  readonly #template: BenchTemplate;
  readonly #roomId: string;

  constructor(at: number, template: BenchTemplate, roomId = benchRoomId) {
    this.#at = at;
    this.#template = template;
    this.#roomId = roomId;
  }

  get id(): string {
    return benchMessageId(this.#at);
  }

  /** Every 50th message shares its millisecond with the one before. */
  get tsMs(): number {
    return benchStartMs + (this.#at % 50 === 49 ? this.#at - 1 : this.#at) * stepMs;
  }

  get updatedAtMs(): number {
    return benchStartMs + this.#at * stepMs + 67;
  }

  get pinned(): boolean {
    return this.#template.message.pinned;
  }

  get mentionIds(): readonly string[] {
    return this.#template.message.mentionIds;
  }

  get mentionUsernames(): readonly string[] {
    return this.#template.message.mentionUsernames;
  }

  get starredIds(): readonly string[] {
    return this.#template.message.starredIds;
  }

  document(): MessageDocument {
    return {
      ...this.#template.message.document(),
      _id: this.id,
      rid: this.#roomId,
      ts: isoTime(this.tsMs),
      _updatedAt: isoTime(this.updatedAtMs),
    };
  }

  bytes(): string {
    return this.#fill(this.#template.bytes);
  }

  projectedBytes(): string {
    return this.#fill(this.#template.projectedBytes);
  }

  #fill([beforeTs, beforeUpdatedAt, rest]: MessageCut): string {
    const [ts, updatedAt] = [isoTime(this.tsMs), isoTime(this.updatedAtMs)];
    const head = this.#roomId === benchRoomId ? beforeTs : beforeTs.replace(benchRoomId, this.#roomId);
    return `{"_id":"${this.id}"${head}"ts":"${ts}"${beforeUpdatedAt}"_updatedAt":"${updatedAt}"${rest}`;
  }
}

/** 2,048 pairs of characters: eleven bits each. */
const pairs = Array.from(
  { length: 2048 },
  (_, at) => idAlphabet.charAt(Math.floor(at / idAlphabet.length)) + idAlphabet.charAt(at % idAlphabet.length),
);

/** 17 characters, different for each number below 2^32 and in no order. */
export function benchMessageId(at: number): string {
  // Multiplication by an odd number permutes the 32-bit words.
  const first = Math.imul(at, 0x9e3779b1);
  return `bench${scramble(first)}${scramble(Math.imul(first ^ 0x5bd1e995, 0x85ebca6b))}`;
}

function scramble(word: number): string {
  return `${pairs[word >>> 21] ?? ''}${pairs[(word >>> 10) & 0x7ff] ?? ''}${pairs[word & 0x3ff] ?? ''}`;
}
