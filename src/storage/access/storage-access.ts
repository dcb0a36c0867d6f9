import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { omitUndefined } from '../../omit-undefined.ts';
import type { Disk } from '../../system/disk.ts';
import { awsProfile, type AwsProfile } from './aws-profile.ts';

/** How to reach an object store, and who to be there. */
export interface StorageAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of keys that are lent for a time. */
  readonly sessionToken?: string;
  readonly region: string;
  /** Address of the server, without a slash at its end; absent: Amazon's own of the region. */
  readonly endpoint?: string;
}

/** Environment variables. */
export type Variables = Readonly<Record<string, string | undefined>>;

const hint =
  'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, where there is one), or AWS_PROFILE for a profile of ~/.aws/credentials; AWS_REGION names the region, AWS_ENDPOINT_URL a server that is not Amazon’s';

/**
 * The keys, region and server that the environment names as for the AWS command line: variables first, then the profile of
 * AWS_PROFILE, or `default`. Profiles that get their keys elsewhere (SSO, roles, processes) are refused with the way to hand
 * them over: `aws configure export-credentials --format env` prints the variables.
 *
 * @throws UsageError that names the variables when there are no keys
 */
export async function storageAccess(disk: Pick<Disk, 'readFile'>, variables: Variables): Promise<StorageAccess> {
  const read = (name: string): string | undefined => {
    const value = variables[name]?.trim();
    return value === '' ? undefined : value;
  };
  const profileName = read('AWS_PROFILE') ?? 'default';
  const home = read('HOME') ?? read('USERPROFILE');
  const profileIn = async (path: string | undefined): Promise<AwsProfile | undefined> => {
    const bytes = path === undefined ? undefined : await disk.readFile(path);
    return bytes && awsProfile(bytes.toString(), profileName);
  };
  const inHome = (name: string): string | undefined => home && join(home, '.aws', name);
  const secrets = await profileIn(read('AWS_SHARED_CREDENTIALS_FILE') ?? inHome('credentials'));
  const settings = await profileIn(read('AWS_CONFIG_FILE') ?? inHome('config'));
  const profile = new Map([...(settings ?? []), ...(secrets ?? [])]);

  const keys = keysOf(
    read('AWS_ACCESS_KEY_ID'),
    read('AWS_SECRET_ACCESS_KEY'),
    read('AWS_SESSION_TOKEN'),
    'the environment',
  );
  if (keys === undefined && read('AWS_PROFILE') !== undefined && secrets === undefined && settings === undefined) {
    throw new UsageError(`Cannot use the profile "${profileName}" of AWS_PROFILE: no file of ~/.aws has it`, { hint });
  }
  const found =
    keys ??
    keysOf(
      profile.get('aws_access_key_id'),
      profile.get('aws_secret_access_key'),
      profile.get('aws_session_token'),
      `the profile "${profileName}"`,
    );
  if (found === undefined) throw noKeys(profile, profileName);
  const region = read('AWS_REGION') ?? read('AWS_DEFAULT_REGION') ?? profile.get('region') ?? 'us-east-1';
  const endpoint = read('AWS_ENDPOINT_URL_S3') ?? read('AWS_ENDPOINT_URL') ?? profile.get('endpoint_url');
  return { ...found, region, ...omitUndefined({ endpoint: endpoint && checkedEndpoint(endpoint) }) };
}

type Keys = Pick<StorageAccess, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;

/** @throws UsageError for one of two keys */
function keysOf(
  accessKeyId: string | undefined,
  secretAccessKey: string | undefined,
  sessionToken: string | undefined,
  place: string,
): Keys | undefined {
  if (accessKeyId === undefined && secretAccessKey === undefined) return undefined;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    const lacks = accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY';
    throw new UsageError(`Cannot use the keys of ${place}: ${lacks} is missing`, { hint });
  }
  return { accessKeyId, secretAccessKey, ...omitUndefined({ sessionToken }) };
}

function noKeys(profile: AwsProfile, name: string): UsageError {
  const elsewhere = ['sso_session', 'sso_start_url', 'role_arn', 'credential_process', 'web_identity_token_file'];
  const setting = elsewhere.find((key) => profile.has(key));
  if (setting === undefined) return new UsageError('Cannot use an object store: there are no keys for it', { hint });
  return new UsageError(`Cannot use the profile "${name}": it gets its keys elsewhere (${setting})`, {
    hint: `Have the AWS command line hand them over: eval "$(aws configure export-credentials --profile ${name} --format env)"`,
  });
}

/** @throws UsageError, without the address, which may hold a password */
function checkedEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new UsageError(
      'Cannot use the address in AWS_ENDPOINT_URL: expected https://host or http://host, without a login',
      {
        hint,
      },
    );
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}
