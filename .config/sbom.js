// Prints the bill of materials (CycloneDX) of what is published: the packages whose code the bundle holds, which for npm
// only help to build it, and those that are installed beside it.    node .config/sbom.js > sbom.cdx.json
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'));

/** `name@version` of each package that esbuild took anything from. */
function bundledPackages() {
  const inputs = Object.values(readJson('build/bundle.json').outputs).flatMap((output) => Object.keys(output.inputs));
  const folders = new Set(inputs.flatMap((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []));
  return new Set(
    [...folders].map((folder) => {
      const { name, version } = readJson(`${folder}/package.json`);
      return `${name}@${version}`;
    }),
  );
}

const isForDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === 'cdx:npm:package:development');

const { status, stdout, stderr } = spawnSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
  shell: process.platform === 'win32',
});
if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`);
const whole = JSON.parse(stdout);
const bundled = bundledPackages();
const components = whole.components
  .filter((component) => bundled.has(component['bom-ref']) || !isForDevelopment(component))
  .map(({ properties, ...component }) => ({
    ...component,
    properties: [
      { name: 'rocketchat-export:delivered', value: bundled.has(component['bom-ref']) ? 'in dist/' : 'installed' },
    ],
  }));
const own = whole.metadata.component['bom-ref'];
const kept = new Set([own, ...components.map((component) => component['bom-ref'])]);
for (const name of bundled) if (!kept.has(name)) throw new Error(`npm sbom does not know ${name}, which is bundled`);
const dependencies = whole.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({
    ref,
    dependsOn: ref === own ? [...kept].filter((name) => name !== own) : dependsOn.filter((name) => kept.has(name)),
  }));
const { name } = readJson('package.json');
const metadata = { ...whole.metadata, component: { ...whole.metadata.component, name, type: 'application' } };
process.stdout.write(`${JSON.stringify({ ...whole, metadata, components, dependencies }, null, 2)}\n`);
