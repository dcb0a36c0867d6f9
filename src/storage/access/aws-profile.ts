/** What a section of the files of the AWS command line says, names in lower case. */
export type AwsProfile = ReadonlyMap<string, string>;

/**
 * A profile of `~/.aws/credentials`, where its section is `[name]`, or of `~/.aws/config`, where it is `[profile name]` or
 * `[default]`. Nested settings (lines that begin with white space) are left out: none of them is read here.
 *
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 *
 * @param text of the file
 * @returns undefined: it has no such section
 */
export function awsProfile(text: string, name: string): AwsProfile | undefined {
  let found: Map<string, string> | undefined;
  let isWanted = false;
  for (const line of text.split(/\r?\n/)) {
    const section = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]/.exec(line)?.[1];
    if (section !== undefined) {
      isWanted = section === name;
      if (isWanted) found ??= new Map();
      continue;
    }
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*(?:\s[#;].*)?$/.exec(line) ?? [];
    if (isWanted && key !== undefined && value !== undefined) found?.set(key.toLowerCase(), value);
  }
  return found;
}
