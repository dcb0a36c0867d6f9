import type { ManifestRequest, RequestedEntry } from '../../archive/manifest/request/request.ts';
import { html, type Html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';

/** What the job of a run asked for, and who ran it where, as terms and what they stand for. */
export function requestHtml(request: ManifestRequest | undefined): Html {
  if (request === undefined)
    return html`<dt>Run by</dt>
      <dd>not recorded by the version of the program that ran it</dd>`;
  const { host, user, roles, extract, tables } = request;
  const account = html`<bdi>${plainName(user ?? 'an account without a name')}</bdi>`;
  const machine = html`<bdi>${plainName(host ?? 'a machine without a name')}</bdi>`;
  const rights = roles === null ? 'not reported by the server' : roles.join(', ');
  return html`<dt>Run by</dt>
    <dd>${account} on ${machine}</dd>
    <dt>Roles of the login</dt>
    <dd>${rights === '' ? 'none' : rights}</dd>
    <dt>The job asked for</dt>
    <dd>${extract.map(entryHtml)}tables: ${tables.join(', ')}</dd>`;
}

function entryHtml({ endpoint, rooms, scope, filters, period }: RequestedEntry): Html {
  const { since, until } = period ?? { since: null, until: null };
  const parts = [
    scope === 'readable' && 'also rooms that the login can read without having joined',
    endpoint !== undefined && `through ${endpoint}`,
    since !== null && `sent ${since} or later`,
    until !== null && `sent before ${until}`,
    Object.keys(filters).length > 0 && `only those that pass ${JSON.stringify(filters)}`,
  ].filter((part) => part !== false);
  return html`<p>rooms <bdi>${rooms.map(plainName).join(', ')}</bdi>${parts.map((part) => html`, ${part}`)}</p>`;
}
