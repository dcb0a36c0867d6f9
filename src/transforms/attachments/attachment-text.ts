import type { JsonObject, JsonValue } from '../../model/json/json-value.ts';
import { isArray } from '../../model/json/is-array.ts';
import type { BadFields } from '../field-readers.ts';
import { markBad, readRecords, readString } from '../field-readers.ts';

/**
 * All that an attachment says, in the order clients show it, a line each: introduction, text, caption of a file, the
 * `fields` of integrations as `title: value`, and the texts of buttons. null when it says nothing.
 */
export function attachmentText(attachment: JsonObject, bad: BadFields): string | null {
  let text = readString(attachment['pretext'], 'attachments', bad);
  text = withLine(text, readString(attachment['text'], 'attachments', bad));
  text = withLine(text, readString(attachment['description'], 'attachments', bad));
  for (const { title, value } of readRecords(attachment['fields'], 'attachments', bad)) {
    text = withLine(text, fieldLine(scalarText(title, bad), valueText(value, bad)));
  }
  for (const action of readRecords(attachment['actions'], 'attachments', bad)) {
    text = withLine(text, readString(action['text'], 'attachments', bad));
  }
  return text;
}

function withLine(text: string | null, line: string | null): string | null {
  if (text === null || text === '') return line ?? text;
  return line === null || line === '' ? text : `${text}\n${line}`;
}

function fieldLine(title: string | null, value: string | null): string | null {
  if (title === null || title === '') return value;
  return value === null || value === '' ? title : `${title}: ${value}`;
}

/** Integrations put a list where a field has several values. */
function valueText(value: JsonValue | undefined, bad: BadFields): string | null {
  if (!isArray(value)) return scalarText(value, bad);
  const texts = value.map((element) => scalarText(element, bad)).filter((text) => text !== null);
  return texts.length === 0 ? null : texts.join(', ');
}

function scalarText(value: unknown, bad: BadFields): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  markBad('attachments', bad);
  return null;
}
