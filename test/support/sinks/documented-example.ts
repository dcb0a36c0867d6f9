import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const library = readFileSync(join(import.meta.dirname, '../../../docs/library.md'), 'utf8');

/** The code block of docs/library.md that begins with the comment `// name`. */
export function documentedExample(name: string): string {
  const [, text] = library.split(`\`\`\`js\n// ${name}\n`);
  const [code] = text?.split('\n```') ?? [];
  if (code === undefined) throw new Error(`docs/library.md has no example "${name}"`);
  return `${code}\n`;
}
