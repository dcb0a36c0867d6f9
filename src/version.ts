/** What wrote a file or a manifest. A test holds it to package.json, which lies outside of what is compiled. */
export const tool = { name: 'rocketchat-export', version: '0.1.0' } as const;
