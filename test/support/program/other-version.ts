import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tool } from '../../../src/version.ts';

const root = join(import.meta.dirname, '../../..');

/** Gives `use` the built program as one of another version, which is removed afterwards. */
export async function withOtherVersion(version: string, use: (program: string) => Promise<void>): Promise<void> {
  // Beside node_modules: its packages are those of the program.
  const parent = join(root, 'output');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'version-'));
  try {
    await cp(join(root, 'dist'), folder, { recursive: true });
    const own = `version:"${tool.version}"`;
    let places = 0;
    for (const name of (await readdir(folder)).filter((file) => file.endsWith('.js'))) {
      const text = await readFile(join(folder, name), 'utf8');
      if (!text.includes(own)) continue;
      places += 1;
      await writeFile(join(folder, name), text.replace(own, `version:"${version}"`));
    }
    if (places !== 1) throw new Error(`The version stands in ${places} files, expected 1`);
    await use(join(folder, 'bin.js'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
