import type { Manifest } from '../../../archive/manifest/manifest.ts';
import { count, counted } from '../../../model/text/counted.ts';
import { size } from '../amounts.ts';
import { textTable } from '../text/text-table.ts';

/** A table's rows, and what its files take in each format. Tables without a row are named below. */
export function fileTable({ files, tables }: Pick<Manifest, 'files' | 'tables'>): string {
  const formats = [...new Set(files.map(({ format }) => format))];
  const names = [...new Set([...Object.keys(tables), ...files.map(({ table }) => table)])];
  const filled = names.filter((name) => files.some(({ table, rows }) => table === name && rows > 0));
  const empty = names.filter((name) => !filled.includes(name));
  const sizeOf = (name: string, format: string): string => {
    const own = files.filter((file) => file.table === name && file.format === format);
    return own.length === 0 ? '' : size(own.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  };
  const earlier = files.filter((file) => file.earlier === true).reduce((sum, { rows }) => sum + rows, 0);
  return [
    ...(filled.length === 0
      ? []
      : [
          textTable(
            [
              { title: 'table' },
              { title: 'rows', align: 'right' },
              ...formats.map((format) => ({ title: format, align: 'right' as const })),
            ],
            filled.map((name) => [name, count(tables[name] ?? 0), ...formats.map((format) => sizeOf(name, format))]),
          ),
        ]),
    ...(empty.length === 0 ? [] : [`no row: ${empty.join(', ')}\n`]),
    ...(earlier === 0 ? [] : [`${counted(earlier, 'row')} of earlier runs, in tables or formats that lacked them\n`]),
  ].join('');
}
