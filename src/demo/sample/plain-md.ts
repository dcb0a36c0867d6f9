/** The syntax tree of one line of text without any markup: most of all messages. */
export function plainMd(text: string): unknown {
  return [{ type: 'PARAGRAPH', value: [{ type: 'PLAIN_TEXT', value: text }] }];
}
