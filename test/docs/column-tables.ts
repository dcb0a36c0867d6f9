import type { ColumnDescription, ColumnType } from '../../src/model/column.ts';
import { elementTables } from '../../src/model/table-name.ts';
import { listTables, messageTables } from '../../src/tables/tables.ts';

/** The tables of columns in docs/tables.md, made from the columns themselves. */
export function columnTables(): string {
  const { messages, message_versions, ...others } = messageTables({ md: true });
  const sections = [
    section('`messages` and `mentioned_messages`', messages),
    ...elementTables.map((name) => section(`\`${name}\``, others[name])),
    section('`message_versions`', {
      ...message_versions,
      meaning: `${message_versions.meaning} The columns are these two and then those of \`messages\`.`,
      columns: message_versions.columns.slice(0, 2),
    }),
    ...Object.values(listTables()).map((table) => section(`\`${table.name}\``, table)),
  ];
  return sections.join('\n');
}

function section(
  title: string,
  { meaning, columns }: { readonly meaning: string; readonly columns: readonly ColumnDescription[] },
): string {
  const rows = columns.map(
    ({ name, type, nullable, from, meaning: text }) =>
      `| \`${name}\` | ${typeText(type)}${nullable ? '?' : ''} | ${from} | ${text} |`,
  );
  return [
    `## ${title}`,
    '',
    meaning,
    '',
    '| column | type | from | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function typeText(type: ColumnType): string {
  switch (type.kind) {
    case 'strings':
      return 'list<string>';
    case 'structs':
      return `list<struct{${type.fields.map(({ name }) => name).join(', ')}}>`;
    case 'string':
    case 'timestamp':
    case 'int':
    case 'boolean':
    case 'json':
      return type.kind;
  }
}
