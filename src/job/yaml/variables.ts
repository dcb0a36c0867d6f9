/** What a `${…}` in a job file asks for. */
type Reference =
  | { readonly kind: 'variable'; readonly name: string; readonly fallback?: string; readonly complaint?: string }
  | { readonly kind: 'file'; readonly path: string };

type Expansion =
  | { readonly kind: 'text'; readonly text: string; readonly hasVariable: boolean }
  | { readonly kind: 'failed'; readonly text: string; readonly hint: string };

/** Where a value that is not in the job file came from. */
type Source = 'variable' | 'file';

/** Returns the content of a file, or a sentence on why it cannot be read. */
export type ReadSecret = (
  path: string,
) => Promise<{ readonly content: string } | { readonly problem: string; readonly hint: string }>;

/** `$${` (a literal `${`) or `${…}` up to the first `}`, or a `${` that is never closed. */
const pattern = /\$\$\{|\$\{([^}]*)(\}?)/g;

const forms = 'Write ${VAR}, ${VAR:-default}, ${VAR:?message} or ${file:/path}; $${ stands for ${ itself';

/**
 * Puts the values of variables and files into one string, in a single pass: what a variable brings is never looked at
 * again, so no value can bring structure, another variable or an escape.
 *
 * @param onOutsideValue called with each value that does not stand in the text itself
 * @param isSecret whether the text is one that nobody should write into the job file
 *
 * As in a shell, `:-` and `:?` take an empty variable for one that is not set; `${VAR}` alone takes the empty value.
 */
export async function expandVariables(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  readSecret: ReadSecret,
  onOutsideValue: (value: string, source: Source) => void = () => undefined,
  isSecret = false,
): Promise<Expansion> {
  const parts: string[] = [];
  let hasVariable = false;
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    parts.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    const [whole, body = '', close] = match;
    if (whole === '$${') {
      parts.push('${');
      continue;
    }
    const reference = close === '}' ? parseReference(body) : undefined;
    if (reference === undefined) return { kind: 'failed', text: 'holds a ${ that is no variable', hint: forms };
    const resolved = await resolve(reference, env, readSecret, isSecret);
    if ('problem' in resolved) return { kind: 'failed', text: resolved.problem, hint: resolved.hint };
    if ('source' in resolved) onOutsideValue(resolved.content, resolved.source);
    parts.push(resolved.content);
    hasVariable = true;
  }
  parts.push(text.slice(end));
  return { kind: 'text', text: parts.join(''), hasVariable };
}

function parseReference(body: string): Reference | undefined {
  const path = /^file:(.+)$/s.exec(body)?.[1];
  if (path !== undefined) return path.includes('${') ? undefined : { kind: 'file', path };
  const match = /^([A-Za-z_][A-Za-z0-9_]*)(?::([-?])(.*))?$/s.exec(body);
  const [, name, operator, rest = ''] = match ?? [];
  // A nested ${ would end at the first } and leave the other behind as text.
  if (name === undefined || rest.includes('${')) return undefined;
  if (operator === '-') return { kind: 'variable', name, fallback: rest };
  if (operator === '?') return { kind: 'variable', name, complaint: rest };
  return { kind: 'variable', name };
}

/** A default stands in the file itself. */
type Resolved = Awaited<ReturnType<ReadSecret>> | { readonly content: string; readonly source: Source };

async function resolve(
  reference: Reference,
  env: Readonly<Record<string, string | undefined>>,
  readSecret: ReadSecret,
  isSecret: boolean,
): Promise<Resolved> {
  if (reference.kind === 'file') {
    const read = await readSecret(reference.path);
    return 'content' in read ? { ...read, source: 'file' } : read;
  }
  const { name, fallback, complaint } = reference;
  // An environment given as a plain object also answers to `constructor`.
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  if (value !== undefined && (value !== '' || (fallback === undefined && complaint === undefined))) {
    return { content: value, source: 'variable' };
  }
  if (fallback !== undefined) return { content: fallback };
  const because = complaint === undefined || complaint === '' ? '' : `: ${complaint}`;
  return {
    problem: `the variable ${name} is ${value === '' ? 'empty' : 'not set'}${because}`,
    hint:
      isSecret || complaint !== undefined
        ? `Set ${name}; where a file sets it: set -a && . ./FILE && set +a`
        : `Set ${name}, or write \${${name}:-default}`,
  };
}
