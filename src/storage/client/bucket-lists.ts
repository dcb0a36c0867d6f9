import type { XmlElement } from '@rgrove/parse-xml';
import { OutputError } from '../../errors.ts';
import type { StorageClient } from './storage-client.ts';
import { notAStore } from './storage-failure.ts';
import { children, childText, readXml } from './xml.ts';

/** An object as a list has it. */
export interface ListedObject {
  /** Below the archive's prefix. */
  readonly key: string;
  readonly sizeBytes: number;
  /** Epoch milliseconds, by the store's clock. */
  readonly modifiedMs: number;
}

/** A version of an object, or a mark that it was removed. */
export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  readonly isLatest: boolean;
}

/** An upload in parts that was not ended. */
export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly startedMs: number;
}

interface PageLists {
  objects(): AsyncGenerator<ListedObject>;
  versions(): AsyncGenerator<ListedVersion>;
  uploads(): AsyncGenerator<ListedUpload>;
}

/** Of stores that keep no versions, and of those that forget unfinished uploads by themselves. */
const hasNone = [405, 501];

/**
 * What there is below a prefix, page by page, however few the store puts on one.
 *
 * Sources: API_ListObjectsV2, API_ListObjectVersions and API_ListMultipartUploads of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/
 */
export function bucketLists(client: StorageClient, below: string): PageLists {
  const own = client.target.prefix === '' ? '' : `${client.target.prefix}/`;
  const keyOf = (item: XmlElement, decode: (text: string) => string): string =>
    decode(childText(item, 'Key') ?? '').slice(own.length);

  /** @param following parameter of the next page → element that has its value */
  async function* pages(
    query: Readonly<Record<string, string>>,
    following: Readonly<Record<string, string>>,
    unknown: readonly number[] = [],
  ): AsyncGenerator<{ readonly page: XmlElement; readonly decode: (text: string) => string }> {
    const action = `list "${client.addressOf()}"`;
    let more: Record<string, string> = {};
    for (;;) {
      const fixed = { ...query, 'encoding-type': 'url', prefix: `${own}${below}` };
      const asked = { method: 'GET', query: { ...fixed, ...more }, action } as const;
      const answer = await client.send({ ...asked, expected: unknown });
      if (unknown.includes(answer.status)) return;
      const page = readXml(answer.body);
      if (page === undefined) throw notAStore(action, client.server, answer);
      // Keys may hold what XML may not: they come encoded, as in a form.
      const isEncoded = childText(page, 'EncodingType') === 'url';
      const decode = (text: string): string => (isEncoded ? decodeURIComponent(text.replaceAll('+', ' ')) : text);
      yield { page, decode };
      if (childText(page, 'IsTruncated') !== 'true') return;
      const next = Object.entries(following).map(([name, from]) => [name, childText(page, from)] as const);
      const isLost = next.some(([, value]) => value === undefined);
      if (isLost) throw new OutputError(`Cannot ${action}: the store does not say where its next page begins`);
      const plain = (name: string, value: string): string => (name === 'key-marker' ? decode(value) : value);
      more = Object.fromEntries(next.map(([name, value = '']) => [name, plain(name, value)]));
    }
  }

  return {
    async *objects() {
      const following = { 'continuation-token': 'NextContinuationToken' };
      for await (const { page, decode } of pages({ 'list-type': '2' }, following)) {
        for (const item of children(page, 'Contents')) {
          const sizeBytes = Number(childText(item, 'Size'));
          yield { key: keyOf(item, decode), sizeBytes, modifiedMs: Date.parse(childText(item, 'LastModified') ?? '') };
        }
      }
    },
    async *versions() {
      const following = { 'key-marker': 'NextKeyMarker', 'version-id-marker': 'NextVersionIdMarker' };
      for await (const { page, decode } of pages({ versions: '' }, following, hasNone)) {
        for (const item of [...children(page, 'Version'), ...children(page, 'DeleteMarker')]) {
          const isLatest = childText(item, 'IsLatest') === 'true';
          yield { key: keyOf(item, decode), versionId: childText(item, 'VersionId') ?? '', isLatest };
        }
      }
    },
    async *uploads() {
      const following = { 'key-marker': 'NextKeyMarker', 'upload-id-marker': 'NextUploadIdMarker' };
      for await (const { page, decode } of pages({ uploads: '' }, following, hasNone)) {
        for (const item of children(page, 'Upload')) {
          const startedMs = Date.parse(childText(item, 'Initiated') ?? '');
          yield { key: keyOf(item, decode), uploadId: childText(item, 'UploadId') ?? '', startedMs };
        }
      }
    },
  };
}
