import { UsageError } from '../../errors.ts';
import { nearest } from '../../model/text/nearest.ts';

/** The table that a command line names. @throws UsageError that suggests the nearest one */
export function tableNamed<Table extends { readonly name: string }>(name: string, tables: readonly Table[]): Table {
  const found = tables.find((table) => table.name === name);
  if (found !== undefined) return found;
  const names = tables.map((table) => table.name);
  const near = nearest(name, names);
  throw new UsageError(`Unknown table "${name}", expected one of ${names.join(', ')}`, {
    ...(near !== undefined && { hint: `Did you mean "${near}"?` }),
  });
}
