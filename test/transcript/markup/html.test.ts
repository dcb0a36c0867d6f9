import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { html, type Child } from '../../../src/transcript/markup/html.ts';
import { linkTarget } from '../../../src/transcript/markup/link-target.ts';
import { plainName } from '../../../src/transcript/markup/plain-name.ts';
import { unicodeText } from '../../support/data/unicode-text.ts';

describe('a template', () => {
  it('takes what is put into it for text, in content and in attributes', () => {
    const evil = `<script>alert("1")</script>' onload='x' &amp;`;
    expect(html`<p title="${evil}">${evil}</p>`.source).toBe(
      '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onload=&#39;x&#39; &amp;amp;">' +
        '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onload=&#39;x&#39; &amp;amp;</p>',
    );
  });

  it('takes pieces and lists of them as they are, and nothing for what is not there', () => {
    const list: readonly Child[] = ['a<b', html`<i>${'c'}</i>`, null, undefined, false, 0];
    expect(html`<p>${list}</p>`.source).toBe('<p>a&lt;b<i>c</i>0</p>');
  });

  it('is not deceived by an object of the shape of a piece, as JSON may hold one', () => {
    const forged: never = JSON.parse('{"source":"<script>"}') as never;
    expect(() => html`${forged}`.source).toThrow(TypeError);
  });

  it('lets no control character through, whatever the text', () => {
    fc.assert(
      fc.property(unicodeText(), (text) => {
        const { source } = html`${text}`;
        expect(source).not.toMatch(/[<>"'\0-\x08\x0b-\x1f\x7f]/);
      }),
    );
  });
});

describe('a link', () => {
  it.each([
    'javascript:alert(1)',
    ' java\nscript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,<script>',
    'file:///etc/passwd',
    'vbscript:x',
    'ftp://example.org',
    'blob:https://example.org/1',
    'no address',
    '/path',
    '',
  ])('leads nowhere by %j', (url) => {
    expect(linkTarget(url)).toBeUndefined();
  });

  it('leads to the web and to mail, and from the server to what is relative to it', () => {
    expect(linkTarget('https://example.org/a b')).toBe('https://example.org/a%20b');
    expect(linkTarget('mailto:a@example.org')).toBe('mailto:a@example.org');
    expect(linkTarget('/file-upload/1/a.png', 'https://chat.example.org/')).toBe(
      'https://chat.example.org/file-upload/1/a.png',
    );
    expect(linkTarget('javascript:alert(1)', 'https://chat.example.org/')).toBeUndefined();
  });
});

it('a name shows the signs that turn the direction of writing', () => {
  expect(plainName('invoice\u202Efdp.exe')).toBe('invoice[U+202E]fdp.exe');
  expect(plainName('نورة')).toBe('نورة');
});
