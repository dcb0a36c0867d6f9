import { readFileSync } from 'node:fs';

/** A column as the published list of columns says: `reactions list<struct{emoji string, …}>`. */
export interface ContractColumn {
  readonly name: string;
  readonly type: string;
}

const published = JSON.parse(
  readFileSync(new URL('../../fixtures/schema-v2.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly string[]>>;

export const tableNames = Object.keys(published);

/** The columns that people have in their files, `md` only where the job keeps it. */
export function contractColumns(table: string, { md }: { readonly md: boolean }): readonly ContractColumn[] {
  return (published[table] ?? []).flatMap((line) => {
    const [, name = '', type = ''] = /^(\w+) (.+?)\??$/.exec(line) ?? [];
    return name === 'md' && !md ? [] : [{ name, type }];
  });
}
