/** A job file for the server of the environment: one endpoint, one format, the least that shows a behaviour. */
export function jobText({
  rooms = ['*'],
  output,
  more = '',
}: {
  readonly rooms?: readonly string[];
  readonly output: string;
  readonly more?: string;
}): string {
  return `extract:
  - endpoint: groups.messages
    rooms: ${JSON.stringify(rooms)}
transform:
  tables: [messages]
sinks:
  - format: jsonl
output: ${output}
${more}`;
}
