// Node's module hooks for a mutation run: the project's own modules can be loaded again, as another generation that its
// first module names in its query (`?generation=3`) and hands on to what it imports. Packages are loaded once.
import { load as loadSource, resolve as resolveModule } from '../native-tests/hooks.js';

const tools = new URL('..', import.meta.url).href;
const fewExamples = new URL('./few-examples.js', import.meta.url).href;
const sources = new Map();

export async function resolve(specifier, context, nextResolve) {
  if (specifier === 'fast-check' && !context.parentURL?.startsWith(tools)) {
    return { url: fewExamples, format: 'module', shortCircuit: true };
  }
  const resolved = await resolveModule(specifier, context, nextResolve);
  const { search } = new URL(context.parentURL ?? 'file:///');
  const isOwn = /^file:(?!.*[/]node_modules[/])/.test(resolved.url) && !resolved.url.startsWith(tools);
  return search === '' || !isOwn ? resolved : { ...resolved, url: `${resolved.url}${search}` };
}

export async function load(url, context, nextLoad) {
  const [file] = url.split('?');
  if (!file.endsWith('.ts')) return nextLoad(url, context);
  if (!sources.has(file)) sources.set(file, await loadSource(file, context, nextLoad));
  return sources.get(file);
}
