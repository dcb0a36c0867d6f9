/** Query parameters by name; one that was sent several times is a list. */
export type Params = Readonly<Record<string, string | readonly string[]>>;

export function parseParams(query: string): Params {
  const params: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const before = params[name];
    if (before === undefined) params[name] = value;
    else if (typeof before === 'string') params[name] = [before, value];
    else before.push(value);
  }
  return params;
}

/** A parameter's text; of one sent several times the first. */
export function text(params: Params, name: string): string | undefined {
  const value = params[name];
  return typeof value === 'string' ? value : value?.[0];
}
