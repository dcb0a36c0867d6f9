import { html } from '../markup/html.ts';
import { documentText } from './document.ts';

/** The page of the search: a form, which its script fills and listens to, and a place for what is found. */
export function searchPageText(): string {
  return documentText({
    title: 'Search',
    root: '',
    script: 'search/search.js',
    navigation: html`<a href="START-HERE.html">All rooms</a>`,
    main: html`<header class="page"><h1>Search</h1></header>
      <noscript>
        <p>
          The search is the only page here with a script, and this browser runs none. All messages are in the pages of
          the rooms; <code>rocketchat-export search</code> searches the archive in a terminal.
        </p>
      </noscript>
      <form id="search" role="search" hidden>
        <p class="field words">
          <label for="words">Words</label
          ><input id="words" type="search" autocomplete="off" spellcheck="false" aria-describedby="how" />
        </p>
        <p class="field">
          <label for="room">Room</label
          ><select id="room">
            <option value="">All rooms</option>
          </select>
        </p>
        <p class="field">
          <label for="person">Person</label><input id="person" autocomplete="off" spellcheck="false" />
        </p>
        <p class="field"><label for="since">First day</label><input id="since" type="date" /></p>
        <p class="field"><label for="until">Last day</label><input id="until" type="date" /></p>
        <p class="note" id="how">
          All words must be in the message; the last one may be the beginning of a longer one, and so may every word
          with
          <kbd>*</kbd> behind it. Words in <kbd>"quotes"</kbd> must stand one behind the other. Earlier versions and
          deleted messages are found, too.
        </p>
      </form>
      <p id="status" role="status">The index is being read.</p>
      <ol id="results" class="results"></ol>
      <p><button id="more" type="button" hidden>Show more</button></p>
      <p class="note">
        No manifest vouches for this index: it is made of the archive, as these pages are. What matters is the message
        that a number leads to, and what the archive says of it.
      </p>`,
  });
}
