/**
 * The bytes of every JSON file of an archive: keys as given, a line for each entry of the outer `levels` of objects and
 * for each element of a list in them. So people and `diff` find their way, and tens of thousands of entries cost no
 * indents.
 */
export function toJsonText(value: object, levels = 1): string {
  return `${textOf(value, levels, '')}\n`;
}

function textOf(value: unknown, levels: number, indent: string): string {
  const isComposite = (part: unknown): boolean => typeof part === 'object' && part !== null;
  if (levels === 0 || typeof value !== 'object' || value === null || !Object.values(value).some(isComposite)) {
    return JSON.stringify(value);
  }
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const lines = Array.isArray(value)
    ? value.map((part) => JSON.stringify(part))
    : Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}: ${textOf(part, levels - 1, `${indent}  `)}`);
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}
