import type { PluginReference } from '../model/plugin-reference.ts';

const longest = 300;
/** A shorter one would blot out ordinary words. */
const shortestSecret = 4;

/**
 * What somebody else's code threw, in one line. Values that variables or secret files brought into its options are
 * blotted out: whoever wrote the plug-in may have put them into the message.
 */
export function pluginErrorText(error: unknown, { options, writtenOptions }: PluginReference): string {
  const secrets = broughtStrings(options, writtenOptions).sort((a, b) => b.length - a.length);
  const text = secrets.reduce((shown, secret) => shown.replaceAll(secret, '[secret]'), messageOf(error));
  const [line = ''] = text.split('\n');
  return line.length <= longest ? line : `${line.slice(0, longest)}…`;
}

/** Not instanceof Error: a plug-in may run in another realm (a vm context), and may throw anything. */
function messageOf(error: unknown): string {
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  const text = hasMessage ? String(error.message) : String(error);
  return text === '' ? 'an error without a message' : text;
}

function broughtStrings(value: unknown, written: unknown): string[] {
  if (typeof value === 'string') return value !== written && value.length >= shortestSecret ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  const writtenParts = new Map<string, unknown>(
    typeof written === 'object' && written !== null ? Object.entries(written) : [],
  );
  return Object.entries(value).flatMap(([key, part]) => broughtStrings(part, writtenParts.get(key)));
}
