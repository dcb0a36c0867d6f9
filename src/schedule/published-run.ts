import type { Manifest } from '../archive/manifest/manifest.ts';
import { isMentionsEndpoint } from '../endpoints/mentions-endpoint.ts';

/** What a run that was published has to show, for metrics. */
export interface PublishedRun {
  /** New ones of rooms. Lists of mentions have messages that their rooms have, too. */
  readonly messages: number;
  readonly gaps: number;
  /** By endpoint. */
  readonly requests: Readonly<Record<string, { readonly requests: number; readonly waitedMs: number }>>;
}

export function publishedRunOf({ lists, gaps, requests }: Pick<Manifest, 'lists' | 'gaps' | 'requests'>): PublishedRun {
  const rooms = lists.filter(({ endpoint }) => !isMentionsEndpoint(endpoint));
  return { messages: rooms.reduce((sum, { exported }) => sum + exported, 0), gaps: gaps.length, requests };
}
