// Writes the licences of what the bundle holds beside it: they ask to go wherever the code goes.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** `node_modules/@scope/name/…` -> `node_modules/@scope/name`, the innermost one. */
function packageFolderOf(input) {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
}

function licenceTextOf(folder) {
  const file = readdirSync(folder)
    .sort()
    .find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
}

/** @param metafile of esbuild; its inputs are relative to `root` */
export function writeLicences(root, target, metafile) {
  const folders = new Set(
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).flatMap((input) => packageFolderOf(input) ?? []),
    ),
  );
  const sections = [...folders].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const text = licenceTextOf(join(root, folder));
    if (text === undefined && license === undefined) throw new Error(`No licence found in ${folder}`);
    return `${name} ${version} (${license})\n\n${text ?? 'The package names its licence and holds no text of it.'}\n`;
  });
  const heading = 'The files beside this one hold code of these packages, under these licences.\n';
  writeFileSync(join(target, 'THIRD-PARTY-LICENCES.txt'), [heading, ...sections].join(`\n${'-'.repeat(80)}\n\n`));
}
