import { UsageError } from '../../errors.ts';

/** @throws UsageError for a password in `--url`, as of a proxy in front: everybody on the machine sees flags */
export function expectNoPassword(url: string | undefined): void {
  if (url === undefined || !URL.canParse(url) || new URL(url).password === '') return;
  throw new UsageError('Cannot use a password in --url: everybody on this machine can see it there', {
    hint: 'Set ROCKETCHAT_URL to the address with its password, and leave --url out',
  });
}
