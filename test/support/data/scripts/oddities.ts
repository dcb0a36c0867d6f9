/** Lines that test a reader rather than tell a story; they close the topic `ops` in the data. */
export const oddities: readonly string[] = [
  '',
  ' ',
  "=cmd|'/C calc'!A0",
  '+1-1',
  "-2+3+cmd|' /C calc'!D2",
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '"quoted", with, commas\r\nand a Windows newline',
  'tab\there, nul-like \u2400, bell-like \u2407',
  'line separator \u2028 and paragraph separator \u2029 inside',
  '\ufeffbyte order mark first',
  'zero\u200bwidth, soft\u00adhyphen, no\u00a0break',
  'مرحبا بالعالم، هذا نص من اليمين إلى اليسار مع English في الوسط',
  'שלום עולם, "ציטוט", וגם 123',
  '𝕬𝖘𝖙𝖗𝖆𝖑 𝖕𝖑𝖆𝖓𝖊: 👩‍👩‍👧‍👦 🏳️‍🌈 🇵🇹 𠮷野家 e\u0301 vs é',
  '🎉',
  ':rocket:',
  '🎉🚀:tada:',
  ':unknown_custom_emoji: :partyparrot:',
  'color:#FF0000 and color:#00ff0080',
  '||a spoiler|| and ||another, *bold*||',
  '<t:1700000000:R> and <t:2024-01-01T00:00:00.000Z:F>',
  '*bold _italic ~strike~ italic_ bold* `code *not bold*`',
  '[label with *bold*](https://example.org/a_(b)?q=1&r=%20) and ![image](https://example.org/i.png)',
  'www.example.org, http://localhost:3000/x, ftp://example.org, mailto:a@example.org, a@example.org, +1 202 555 0123',
  '#general #no-such-room @nobody @all @here @platform',
  '>>> not nested\n> quote one\n> quote two',
  '1. one\n2. two\n\n* three\n* four\n\n- [x] five\n- [ ] six',
  '# h1\n## h2\n### h3\n#### h4\n##### not a heading',
  "```sql\nselect \"a\", 'b' from t -- comment\nwhere x = '\\n';\n```",
  '\\[ \\int_0^1 x^2 dx = \\frac{1}{3} \\]',
  'null',
  'undefined',
  '{"json":"like","n":[1,2,{"deep":null}]}',
  '<script>alert("x")</script> &amp; <b>html</b>',
  '0x1F, 1e5, 007, 2024-02-30, TRUE, NaN, 1,234.56, 1.234,56',
];

/** A paste of a log, as people do it: some 9,000 characters. */
export function longText(): string {
  const lines = Array.from(
    { length: 120 },
    (_, at) =>
      `2023-11-09T03:${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}.${String((at * 37) % 1000).padStart(3, '0')}Z ledger[${4100 + at}]: retry ${at} of 120, queue depth ${at * at}`,
  );
  return `The whole log, sorry for the wall:\n\`\`\`\n${lines.join('\n')}\n\`\`\``;
}
