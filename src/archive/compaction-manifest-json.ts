import { sortedByKey } from './canonical-json.ts';
import type { CompactionManifest } from './compaction-manifest.ts';
import type { JsonNode } from './json-node.ts';
import { dataFileFromJson, dataFileToJson } from './manifest-file-json.ts';
import { isEarlierDataFilePath } from './paths.ts';
import { stateFromJson, stateToJson } from './state.ts';

/** Field by field, in a fixed order. */
export function compactionToJson(manifest: CompactionManifest): object {
  const { version, run, kind, tool, schemaVersion, startedAt, finishedAt, previous } = manifest;
  return {
    version,
    run,
    kind,
    tool: { name: tool.name, version: tool.version },
    schemaVersion,
    startedAt,
    finishedAt,
    previous: { path: previous.path, sha256: previous.sha256 },
    keeps: manifest.keeps,
    notes: manifest.notes,
    compacted: manifest.compacted.map(({ table, format, extension, rowsBefore, rowsAfter }) => {
      return { table, format, extension, rowsBefore, rowsAfter };
    }),
    dropped: sortedByKey(manifest.dropped, (rows) => rows),
    files: manifest.files.map(dataFileToJson),
    replaces: manifest.replaces.map(({ path, sha256 }) => ({ path, sha256 })),
    state: stateToJson(manifest.state),
  };
}

/** @throws JsonShapeError when a field is missing or of a wrong type, or a path is not that of an earlier data file */
export function compactionFromJson(node: JsonNode): CompactionManifest {
  const run = node.get('run').count(2);
  const [tool, previous] = [node.get('tool'), node.get('previous')];
  return {
    version: node.get('version').version(1),
    run,
    kind: node.get('kind').literal('compaction'),
    tool: { name: tool.get('name').string(), version: tool.get('version').string() },
    schemaVersion: node.get('schemaVersion').count(),
    startedAt: node.get('startedAt').string(),
    finishedAt: node.get('finishedAt').string(),
    keeps: node.get('keeps').oneOf(['all', 'latest']),
    notes: node.get('notes').list((note) => note.string()),
    compacted: node.get('compacted').list((one) => ({
      table: one.get('table').string(),
      format: one.get('format').string(),
      extension: one.get('extension').string(),
      rowsBefore: one.get('rowsBefore').count(),
      rowsAfter: one.get('rowsAfter').count(),
    })),
    dropped: node.get('dropped').map((rows) => rows.count()),
    files: node.get('files').list((file) => dataFileFromJson(file, run)),
    replaces: node.get('replaces').list((file) => ({
      // They will be removed: nothing but data files of runs before this may be named.
      path: file
        .get('path')
        .stringThat((path) => isEarlierDataFilePath(path, run), `a data file from before run ${run}`),
      sha256: file.get('sha256').sha256(),
    })),
    state: stateFromJson(node.get('state')),
    previous: { path: previous.get('path').string(), sha256: previous.get('sha256').sha256() },
  };
}
