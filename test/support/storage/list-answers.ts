import type { StoredObjects, StoredVersion } from './stored-objects.ts';

const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** `{ Key: 'a', Size: 1 }` as elements. */
export const elements = (values: Readonly<Record<string, string | number | boolean | undefined>>): string =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : `<${name}>${xmlText(String(value))}</${name}>`))
    .join('');

export const document = (name: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;

const byUtf8 = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const iso = (ms: number): string => new Date(ms).toISOString();

/** "encoding-type=url": as a form is encoded, slashes left. */
function encoder(query: URLSearchParams): (text: string) => string {
  if (query.get('encoding-type') !== 'url') return (text) => text;
  return (text) => encodeURIComponent(text).replaceAll('%20', '+').replaceAll('%2F', '/');
}

/** The keys of a page, in the order of their UTF-8 bytes, and whether there are more. */
function page<Item>(items: readonly Item[], query: URLSearchParams, limitName: string, limit: number) {
  const size = Math.min(Number(query.get(limitName) ?? limit), limit);
  return { shown: items.slice(0, size), isTruncated: items.length > size, size };
}

/** API_ListObjectsV2. The token is opaque: it is good for nothing but the next page. */
export function listObjects(store: StoredObjects, query: URLSearchParams, limit: number): string {
  const encode = encoder(query);
  const prefix = query.get('prefix') ?? '';
  const token = query.get('continuation-token');
  const after = token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64').toString();
  const items = [...store.versions.keys()]
    .flatMap((key): readonly (readonly [string, StoredVersion & { readonly bytes: Buffer }])[] => {
      const current = store.current(key);
      return current?.bytes === undefined ? [] : [[key, { ...current, bytes: current.bytes }]];
    })
    .filter(([key]) => key.startsWith(prefix) && byUtf8(key, after) > 0)
    .sort(([a], [b]) => byUtf8(a, b));
  const { shown, isTruncated, size } = page(items, query, 'max-keys', limit);
  const contents = shown.map(([key, { bytes, etag, modifiedMs }]) => {
    const fields = { Key: encode(key), LastModified: iso(modifiedMs), ETag: etag, Size: bytes.length };
    return `<Contents>${elements(fields)}<StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const next = isTruncated ? Buffer.from(shown.at(-1)?.[0] ?? '').toString('base64') : undefined;
  const head = elements({
    ...{ Prefix: encode(prefix), KeyCount: shown.length, MaxKeys: size, IsTruncated: isTruncated },
    ...{ EncodingType: query.get('encoding-type') ?? undefined, NextContinuationToken: next },
  });
  return document('ListBucketResult', head + contents.join(''));
}

/** API_ListObjectVersions: by key, the newest first. */
export function listVersions(store: StoredObjects, query: URLSearchParams, limit: number): string {
  const encode = encoder(query);
  const prefix = query.get('prefix') ?? '';
  const all = [...store.versions]
    .sort(([a], [b]) => byUtf8(a, b))
    .flatMap(([key, versions]) => versions.toReversed().map((version, at) => ({ key, version, isLatest: at === 0 })))
    .filter(({ key }) => key.startsWith(prefix));
  const from = all.findIndex(
    ({ key, version }) => key === query.get('key-marker') && version.versionId === query.get('version-id-marker'),
  );
  const { shown, isTruncated } = page(all.slice(from + 1), query, 'max-keys', limit);
  const items = shown.map(({ key, version, isLatest }) => {
    const name = version.bytes === undefined ? 'DeleteMarker' : 'Version';
    const fields = { Key: encode(key), VersionId: version.versionId, IsLatest: isLatest };
    return `<${name}>${elements({ ...fields, LastModified: iso(version.modifiedMs) })}</${name}>`;
  });
  const last = isTruncated ? shown.at(-1) : undefined;
  const head = elements({
    ...{ IsTruncated: isTruncated, EncodingType: query.get('encoding-type') ?? undefined },
    ...{ NextKeyMarker: last && encode(last.key), NextVersionIdMarker: last?.version.versionId },
  });
  return document('ListVersionsResult', head + items.join(''));
}

/** API_ListMultipartUploads: by key, then by their beginning. */
export function listUploads(store: StoredObjects, query: URLSearchParams, limit: number): string {
  const encode = encoder(query);
  const all = [...store.uploads]
    .filter(([, { key }]) => key.startsWith(query.get('prefix') ?? ''))
    .sort(([, a], [, b]) => byUtf8(a.key, b.key) || a.startedMs - b.startedMs);
  const from = all.findIndex(([id]) => id === query.get('upload-id-marker'));
  const { shown, isTruncated } = page(all.slice(from + 1), query, 'max-uploads', limit);
  const items = shown.map(
    ([id, { key, startedMs }]) =>
      `<Upload>${elements({ Key: encode(key), UploadId: id, Initiated: iso(startedMs) })}</Upload>`,
  );
  const last = isTruncated ? shown.at(-1) : undefined;
  const head = elements({
    ...{ IsTruncated: isTruncated, EncodingType: query.get('encoding-type') ?? undefined },
    ...{ NextKeyMarker: last && encode(last[1].key), NextUploadIdMarker: last?.[0] },
  });
  return document('ListMultipartUploadsResult', head + items.join(''));
}
