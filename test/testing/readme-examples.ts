import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(join(import.meta.dirname, '../../jobs/README.md'), 'utf8');

/** The code block of jobs/README.md that begins with the comment `// name`. */
export function readmeExample(name: string): string {
  const [, text] = readme.split(`\`\`\`js\n// ${name}\n`);
  const [code] = text?.split('\n```') ?? [];
  if (code === undefined) throw new Error(`jobs/README.md has no example "${name}"`);
  return `${code}\n`;
}
