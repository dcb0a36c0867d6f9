/** What the keys mean, for whoever reads the published JSON Schema. */
export const keyMeanings = {
  version: 'Of the format.',
  run: 'Number of the link: one more than that of the one before; 1 for the first.',
  kind: 'What the link did.',
  tool: 'What wrote it.',
  schemaVersion: 'Of the columns of the tables: see `rocketchat-export schema`.',
  job: 'Its name, and the SHA-256 of everything in it that decides which bytes it writes, without secrets.',
  server: 'The workspace: address without credentials, version if it reports one, and the user of the login.',
  request: 'What the job asked for, who ran it on which machine, and the roles of the login. Steps: see `steps`.',
  startedAt: 'ISO 8601, UTC.',
  finishedAt: 'ISO 8601, UTC.',
  previous: 'The link before and the SHA-256 of its file; null for the first.',
  gaps: 'What could not be read, and why. Empty: everything was.',
  notes: 'What the run could not see, or the compaction left as it was, in sentences.',
  tables: 'Rows by table; every format holds all of them.',
  steps: 'What the job did to messages before rows were made of them, in order, and how many it dropped.',
  files: 'Files of tables that the link added.',
  attachments: 'Files of messages that the run saved under `_files/`. Absent: none.',
  raw: 'Journals that were kept; empty unless the job says `raw: keep`. Of a purge: those that it wrote anew.',
  badFields: 'By field: values of a wrong type, which went to the column `extra`.',
  badColumns:
    'By table and column: cells that lack such a value, as lists that may lack some do. Absent: none, or an older program did not say.',
  requests: 'By endpoint; of lists that workers read, the answers that they had.',
  lists: 'Message lists that were read: one endpoint over one room.',
  changes: 'Rooms whose changes since earlier runs were read.',
  unchanged: 'Lists that were not read, because the room list shows no change.',
  coverage: 'Rooms seen, read and left out by reason, and which parts of messages are not in the tables.',
  completed:
    'Rows of earlier runs in formats that those did not make: the files marked `earlier`. `source: raw`: made of journals under `_raw`, else copied from another format.',
  refilled:
    'Set where all rows that were current before were written anew, as the job makes them now, from the journals under `_raw`: how many, and why.',
  signer:
    'The key that signed the link, base64 of its SubjectPublicKeyInfo; `previousKey`: signed it, too, and from the next link on counts no more; `timestamp`: a time stamp was asked for. Absent: not signed.',
  state: 'What the link did to the state, and the SHA-256 of `_state.json` after it.',
  refill:
    'The next run is to write all current rows anew, from the journals that the runs kept under `_raw`. Absent: nobody asked for it.',
  reason: 'Why the purge was made.',
  by: 'On whose word it was made.',
  retainingJob: 'Name of the job whose `retention` it is. Absent: somebody asked for it.',
  rules: 'What later runs leave out, too: ids as keyed hashes (HMAC-SHA256, 32 hex digits).',
  messages: 'Messages that were in the archive, and are not any more.',
  keeps: 'All rows, or the latest of each message only.',
  compacted: 'By table, format and extension: rows before and after.',
  dropped: 'By table: rows that are no longer in the archive.',
  numbers:
    'Ids of messages in the order of the numbers that transcripts give them, a JSON string per line, behind those of earlier links. Absent: none is new.',
  replaces: 'Files of earlier links whose rows are in `files`, and which are removed.',
} as const;
