import { html, type Html } from '../markup/html.ts';
import { plainName } from '../markup/plain-name.ts';

/** A user by name, as far as it is known, and by username. */
export function personHtml(username: string, name: string | undefined): Html {
  const tag = html`<span class="username">@<bdi>${plainName(username)}</bdi></span>`;
  return name === undefined || name === '' || name === username ? tag : html`<bdi>${plainName(name)}</bdi> ${tag}`;
}
