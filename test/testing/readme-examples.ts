import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const texts = ['README.md', 'jobs/README.md'].map((path) => readFileSync(join(root, path), 'utf8'));

/** The code block of README.md or jobs/README.md that begins with the comment `// name`. */
export function readmeExample(name: string): string {
  for (const readme of texts) {
    const [, text] = readme.split(`\`\`\`js\n// ${name}\n`);
    const [code] = text?.split('\n```') ?? [];
    if (code !== undefined) return `${code}\n`;
  }
  throw new Error(`Neither README.md nor jobs/README.md has an example "${name}"`);
}
