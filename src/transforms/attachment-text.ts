import type { BadFields } from './field-readers.ts';
import { markBad, readRecords, readString } from './field-readers.ts';

/**
 * All that an attachment says, in the order clients show it, a line each: introduction, text, caption of a file, and
 * the `fields` of integrations as `title: value`. null when it says nothing.
 */
export function attachmentText(attachment: Readonly<Record<string, unknown>>, bad: BadFields): string | null {
  let text = readString(attachment['pretext'], 'attachments', bad);
  text = withLine(text, readString(attachment['text'], 'attachments', bad));
  text = withLine(text, readString(attachment['description'], 'attachments', bad));
  for (const field of readRecords(attachment['fields'], 'attachments', bad)) {
    const title = readString(field['title'], 'attachments', bad);
    const value = fieldValue(field['value'], bad);
    text = withLine(text, title === null || title === '' ? value : `${title}: ${value ?? ''}`);
  }
  return text;
}

function withLine(text: string | null, line: string | null): string | null {
  if (text === null || text === '') return line ?? text;
  return line === null || line === '' ? text : `${text}\n${line}`;
}

function fieldValue(value: unknown, bad: BadFields): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  markBad('attachments', bad);
  return null;
}
