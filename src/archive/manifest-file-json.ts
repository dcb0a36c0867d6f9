import type { JsonNode } from './json-node.ts';
import type { HashedFile, ManifestFile } from './manifest.ts';
import { isArchivePath, isDataFilePath } from './paths.ts';

export const hashedFileToJson = ({ path, sizeBytes, sha256 }: HashedFile): HashedFile => ({ path, sizeBytes, sha256 });

/** @throws JsonShapeError for a path that leads out of the archive */
export function hashedFileFromJson(node: JsonNode): HashedFile {
  return {
    path: node.get('path').stringThat(isArchivePath, 'a path inside the archive'),
    sizeBytes: node.get('sizeBytes').count(),
    sha256: node.get('sha256').sha256(),
  };
}

export function dataFileToJson({ path, table, format, rows, sizeBytes, sha256, revises }: ManifestFile): ManifestFile {
  return { path, table, format, rows, ...(revises === true && { revises }), sizeBytes, sha256 };
}

/** @throws JsonShapeError for a file that does not lie in its table's folder under a name of the run */
export function dataFileFromJson(node: JsonNode, run: number): ManifestFile {
  const table = node.get('table').string();
  node.get('path').stringThat((path) => isDataFilePath(path, table, run), `a file of run ${run} in "${table}"`);
  return {
    ...hashedFileFromJson(node),
    table,
    format: node.get('format').string(),
    rows: node.get('rows').count(),
    ...(node.get('revises').optional((it) => it.boolean()) === true && { revises: true as const }),
  };
}
