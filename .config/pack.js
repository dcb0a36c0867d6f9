// Makes the file that is carried to other machines and published: what is built, with a package.json of what its users
// need. Without `prepare`, which builds a clone, and of which npm warns whoever installs the file.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npm } from './npm.js';
import { packedDocument } from './packed-document.js';

const root = join(import.meta.dirname, '..');
const ofClones = ['scripts', 'devDependencies', 'jest', 'prettier'];
// A way through the sources, of which the package has none.
const ofSources = join(root, 'docs/architecture.md');

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
for (const key of ofClones) delete manifest[key];

const folder = mkdtempSync(join(tmpdir(), 'rocketchat-export-pack-'));
// Not `finally`: when npm fails, this process ends at once.
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const name of [...manifest.files, 'README.md', 'LICENSE'])
  cpSync(join(root, name), join(folder, name), { recursive: true, filter: (path) => path !== ofSources });
const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
for (const name of names.filter((one) => one.endsWith('.md'))) {
  const path = join(folder, name);
  const text = packedDocument(readFileSync(path, 'utf8'), name, (linked) => existsSync(join(folder, linked)));
  writeFileSync(path, text);
}
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
npm(['pack', folder, '--ignore-scripts', ...process.argv.slice(2)]);
