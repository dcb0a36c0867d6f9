import { isNode, isSeq, parseDocument, visit } from 'yaml';

interface JobTextOptions {
  /** Of the job. */
  readonly name: string;
  /** Of every entry; `['*']` leaves them as they are. */
  readonly rooms: readonly string[];
  /** As the job file is to say it. */
  readonly output: string;
  /** The private key, for a sample that is signed, as the job file is to say it. */
  readonly keyPath: string;
  /** Absolute path of the schema that editors complete by. */
  readonly schemaPath: string;
}

const signingKey = ['sign', 'key'];

/** Whether a job is signed. @param sample as in jobText */
export function isSigned(sample: string): boolean {
  return parseDocument(sample).hasIn(signingKey);
}

/**
 * The text of a job file: a sample job, its comments included, with the answers of `init` in place of the sample's.
 *
 * @param sample text of a job in jobs/
 */
export function jobText(sample: string, { name, rooms, output, keyPath, schemaPath }: JobTextOptions): string {
  const document = parseDocument(sample);
  const sampleOutput = String(document.get('output'));
  document.set('name', name);
  document.set('output', document.createNode(output));
  const [, sampleKey] = /^\$\{file:(.+)\}$/.exec(String(document.getIn(signingKey))) ?? [];
  if (document.hasIn(signingKey)) document.setIn(signingKey, `\${file:${keyPath}}`);
  const entries = document.get('extract');
  const isEveryRoom = rooms.length === 1 && rooms[0] === '*';
  for (let at = 0; !isEveryRoom && isSeq(entries) && at < entries.items.length; at += 1) {
    document.setIn(['extract', at, 'rooms'], document.createNode(rooms, { flow: true }));
  }
  // Commands to copy stand in comments, that of the file among them.
  const withKey = (comment: string): string =>
    sampleKey === undefined ? comment : comment.replaceAll(sampleKey, () => keyPath);
  visit(document, (_key, node) => {
    if (isNode(node) && node.commentBefore != null) node.commentBefore = withKey(node.commentBefore);
  });
  // How a sample is run, and where its schema lies, is no longer so.
  const header = (document.commentBefore ?? '').split('\n');
  document.commentBefore = header
    .map((line) => (line.includes('yaml-language-server') ? ` yaml-language-server: $schema=${schemaPath}` : line))
    .filter(
      (line) => !line.includes('rocketchat-export run jobs/') && !line.includes('rocketchat-export schedule jobs/'),
    )
    .map((line) => withKey(line.replaceAll(sampleOutput, () => output)))
    .join('\n');
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}
