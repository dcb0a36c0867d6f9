import type { MessageAuthor } from '../../workspace/message-document.ts';

/** A message in the making. */
export interface MessageDraft {
  _id: string;
  rid: string;
  ts: string;
  _updatedAt: string;
  u: MessageAuthor;
  [field: string]: unknown;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Marks a draft as changed then, unless it has been changed later already. */
export function touch(draft: MessageDraft, atMs: number): void {
  if (atMs > Date.parse(draft._updatedAt)) draft._updatedAt = iso(atMs);
}

export function dropFields(draft: MessageDraft, fields: readonly string[]): void {
  for (const field of fields) Reflect.deleteProperty(draft, field);
}
