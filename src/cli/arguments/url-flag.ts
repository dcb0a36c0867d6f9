import { UsageError } from '../../errors.ts';

/** What `--url` says. @throws UsageError for a password in it, as of a proxy in front: everybody on the machine sees flags */
export function urlFlag(url: string | undefined): string | undefined {
  const hasPassword = url !== undefined && URL.canParse(url) && new URL(url).password !== '';
  if (!hasPassword) return url;
  throw new UsageError('Cannot use a password in --url: everybody on this machine can see it there', {
    hint: 'Set ROCKETCHAT_URL to the address with its password, and leave --url out',
  });
}
