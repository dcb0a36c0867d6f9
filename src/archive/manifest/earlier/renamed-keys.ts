/** By key: what it is called now and, of an object or a list of objects, the keys below it. */
type Renames = Readonly<Record<string, { readonly to?: string; readonly below?: Renames }>>;

const completeness: Renames[string] = {
  to: 'completeness',
  below: { seamsChecked: { to: 'overlapsVerified' }, seamsRepaired: { to: 'pagesRefetched' } },
};

/** What versions 1 and 2 called otherwise. Keys that a job chose (`steps`, `badFields`) are no names of the format. */
const sinceVersion2: Renames = {
  files: { below: { revises: { to: 'mayReplace' } } },
  lists: { below: { proof: completeness } },
  changes: { below: { proof: completeness } },
  /** Lists and changes of version 1. */
  streams: { below: { proof: completeness } },
};

/** A manifest of format version 1 or 2 with the keys that version 3 has for the same things; its shape stays. */
export function renamedKeys(manifest: object): object {
  return renamed(manifest, sinceVersion2);
}

function renamed(value: object, names: Renames): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, child]: [string, unknown]) => {
      const { to = key, below } = Object.hasOwn(names, key) ? (names[key] ?? {}) : {};
      return [to, below === undefined ? child : renamedBelow(child, below)];
    }),
  );
}

function renamedBelow(value: unknown, names: Renames): unknown {
  if (Array.isArray(value)) return value.map((child: unknown) => renamedBelow(child, names));
  return typeof value === 'object' && value !== null ? renamed(value, names) : value;
}
