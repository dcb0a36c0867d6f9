import type { MessageDocument } from './message-document.ts';

/**
 * UTF-8 with one character for each byte ("latin1"): joins as text, and is written out without being encoded again. A
 * single character beyond Latin-1 in a page would double its size in memory and multiply the time it takes.
 */
export type ByteText = string;

export function byteText(value: unknown): ByteText {
  return Buffer.from(JSON.stringify(value)).toString('latin1');
}

/**
 * A message in a room of the workspace, with what queries select and order by taken out once. Its JSON is made at most
 * once where that pays, so a page is a join of strings.
 */
export interface StoredMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly tsMs: number;
  /** Epoch milliseconds; breaks ties of `tsMs` as the server's index does. */
  readonly updatedAtMs: number;
  /** An edit-history clone (`_hidden: true`). */
  readonly hidden: boolean;
  readonly pinned: boolean;
  readonly mentionIds: readonly string[];
  readonly mentionUsernames: readonly string[];
  readonly starredIds: readonly string[];
  document(): MessageDocument;
  /** The whole document as JSON, in `ByteText`. */
  bytes(): ByteText;
  /** The document under the API's default projection, see `projectDocument`. */
  projectedBytes(): ByteText;
}

/** `defaultFieldsToExclude` of the server's ApiClass: stripped from every list that passes through parseJsonQuery. */
const unprojectedFields = new Set(['joinCode', 'members', 'importIds', 'e2e']);

export function projectDocument(document: MessageDocument): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(document).filter(([field]) => !unprojectedFields.has(field)));
}

export function storeMessage(document: MessageDocument): StoredMessage {
  return new DocumentMessage(document);
}

const none: readonly string[] = [];

class DocumentMessage implements StoredMessage {
  readonly id: string;
  readonly tsMs: number;
  readonly updatedAtMs: number;
  readonly hidden: boolean;
  readonly pinned: boolean;
  readonly mentionIds: readonly string[];
  readonly mentionUsernames: readonly string[];
  readonly starredIds: readonly string[];
  readonly #document: MessageDocument;
  #bytes: ByteText | undefined;
  #projectedBytes: ByteText | undefined;

  constructor(document: MessageDocument) {
    this.id = document._id;
    this.tsMs = Date.parse(document.ts);
    this.updatedAtMs = Date.parse(document._updatedAt);
    this.hidden = document['_hidden'] === true;
    this.pinned = document['pinned'] === true;
    this.mentionIds = strings(document['mentions'], '_id');
    this.mentionUsernames = strings(document['mentions'], 'username');
    this.starredIds = strings(document['starred'], '_id');
    this.#document = document;
  }

  document(): MessageDocument {
    return this.#document;
  }

  bytes(): ByteText {
    return (this.#bytes ??= byteText(this.#document));
  }

  projectedBytes(): ByteText {
    return (this.#projectedBytes ??= Object.keys(this.#document).some((field) => unprojectedFields.has(field))
      ? byteText(projectDocument(this.#document))
      : this.bytes());
  }
}

/** MongoDB's dotted paths reach into a list and into a single object alike; old documents have `starred: {_id}`. */
function strings(value: unknown, field: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (value === undefined || list.length === 0) return none;
  return list.flatMap((element: unknown) => {
    const found: unknown = typeof element === 'object' && element !== null ? Reflect.get(element, field) : undefined;
    return typeof found === 'string' ? [found] : [];
  });
}
