import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isAttachmentPath } from '../../src/archive/paths/attachment-path.ts';
import { safeName } from '../../src/files/safe-name.ts';
import { unicodeText } from '../support/data/unicode-text.ts';

/** Names as attackers and people give them. */
const name = fc.oneof(
  unicodeText({ maxLength: 400 }),
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        '..',
        '/',
        '\\',
        '.',
        ' ',
        'con',
        'LPT9',
        'aux.',
        ':',
        '\u202e',
        '\0',
        '\n',
        'ä',
        '𝒳',
        '\ud800',
        '.png',
      ),
      {
        maxLength: 60,
      },
    )
    .map((parts) => parts.join('')),
);

describe('a safe name', () => {
  it('stays in its folder, whatever the name', () => {
    fc.assert(
      fc.property(name, (any) => {
        const safe = safeName(any);
        expect(isAttachmentPath(`_files/id/${safe}`)).toBe(true);
        expect(safe).not.toMatch(/[\\/:*?"<>|\p{Cc}\p{Zl}\p{Zp}]|\p{Cs}/u);
        expect(safe).not.toMatch(/^[\s.]|[\s.]$/u);
        expect(safe).not.toMatch(/^(con|prn|aux|nul|conin\$|conout\$|com\d|lpt\d)(\.|$)/i);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(121);
        expect(Buffer.byteLength(safe)).toBeGreaterThan(0);
      }),
    );
  });

  it('is the same for a name that is safe', () => {
    fc.assert(fc.property(name, (any) => expect(safeName(safeName(any))).toBe(safeName(any))));
  });

  it.each([
    ['report.pdf', 'report.pdf'],
    ['Foto vom Büro (2).jpeg', 'Foto vom Büro (2).jpeg'],
    ['費用.xlsx', '費用.xlsx'],
    ['👨‍👩‍👧.png', '👨‍👩‍👧.png'],
    ['../../etc/passwd', '_.._etc_passwd'],
    ['..', 'file'],
    ['', 'file'],
    [null, 'file'],
    ['nul', '_nul'],
    ['COM1.txt', '_COM1.txt'],
    ['console.log', 'console.log'],
    ['.bashrc', 'bashrc'],
    ['invoice\u202egnp.exe', 'invoice_gnp.exe'],
    ['a\r\nb.txt', 'a__b.txt'],
    ['trailing. . ', 'trailing'],
    ['C:\\Windows\\x.dll', 'C__Windows_x.dll'],
  ])('of %j is %j', (given, expected) => {
    expect(safeName(given)).toBe(expected);
  });

  it('keeps the ending of a name of 300 characters', () => {
    const safe = safeName(`${'ü'.repeat(300)}.docx`);
    expect(safe).toMatch(/^ü+\.docx$/);
    expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(120);
  });
});
