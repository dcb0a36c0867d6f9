import { describe, expect, it } from '@jest/globals';
import { storageAccess, type Variables } from '../../../src/storage/access/storage-access.ts';
import { failure } from '../../support/failure.ts';

const files = new Map([
  [
    '/home/ada/.aws/credentials',
    `# of the archive
[default]
aws_access_key_id = AKDEFAULT
aws_secret_access_key=default+secret/with=signs # not this
[archive]
AWS_ACCESS_KEY_ID=AKARCHIVE
aws_secret_access_key = of-archive
aws_session_token = lent
[half]
aws_access_key_id = AKHALF
`,
  ],
  [
    '/home/ada/.aws/config',
    '[default]\r\nregion = eu-west-3\r\n[profile archive]\r\nregion=eu-central-1\r\ns3 =\r\n  region = nested\r\nendpoint_url = https://minio.example.com/\r\n[profile sso]\r\nsso_session = corp\r\n',
  ],
  ['/elsewhere', '[archive]\naws_access_key_id=AKELSE\naws_secret_access_key=else\n'],
]);
const disk = {
  readFile: (path: string) => Promise.resolve(files.has(path) ? Buffer.from(files.get(path) ?? '') : undefined),
};
const keys = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'secret' };
const home = { HOME: '/home/ada' };

describe('what leads to an object store', () => {
  it.each<[string, Variables, object]>([
    ['variables', keys, { accessKeyId: 'AK', secretAccessKey: 'secret', region: 'us-east-1' }],
    [
      'all variables',
      {
        ...keys,
        AWS_SESSION_TOKEN: 't',
        AWS_REGION: 'eu-1',
        AWS_DEFAULT_REGION: 'x',
        AWS_ENDPOINT_URL: 'http://127.0.0.1:9000/',
      },
      {
        accessKeyId: 'AK',
        secretAccessKey: 'secret',
        sessionToken: 't',
        region: 'eu-1',
        endpoint: 'http://127.0.0.1:9000',
      },
    ],
    [
      'the server of S3 before that of all services',
      { ...keys, AWS_ENDPOINT_URL_S3: 'https://a.example.com', AWS_ENDPOINT_URL: 'https://b.example.com' },
      { accessKeyId: 'AK', secretAccessKey: 'secret', region: 'us-east-1', endpoint: 'https://a.example.com' },
    ],
    [
      'the default profile',
      home,
      { accessKeyId: 'AKDEFAULT', secretAccessKey: 'default+secret/with=signs', region: 'eu-west-3' },
    ],
    [
      'a profile of both files',
      { ...home, AWS_PROFILE: 'archive' },
      {
        accessKeyId: 'AKARCHIVE',
        secretAccessKey: 'of-archive',
        sessionToken: 'lent',
        region: 'eu-central-1',
        endpoint: 'https://minio.example.com',
      },
    ],
    [
      'a file that is elsewhere',
      { ...home, AWS_PROFILE: 'archive', AWS_SHARED_CREDENTIALS_FILE: '/elsewhere', AWS_CONFIG_FILE: '/none' },
      { accessKeyId: 'AKELSE', secretAccessKey: 'else', region: 'us-east-1' },
    ],
    [
      'variables before a profile, whose region stays',
      { ...home, ...keys, AWS_PROFILE: 'archive' },
      { accessKeyId: 'AK', secretAccessKey: 'secret', region: 'eu-central-1', endpoint: 'https://minio.example.com' },
    ],
  ])('%s', async (_, variables, expected) => {
    expect(await storageAccess(disk, variables)).toEqual(expected);
  });

  it.each<[string, Variables, RegExp]>([
    ['nothing', {}, /there are no keys for it/],
    ['empty variables', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: ' ' }, /there are no keys for it/],
    ['one of two variables', { AWS_ACCESS_KEY_ID: 'AK' }, /AWS_SECRET_ACCESS_KEY is missing/],
    ['half a profile', { ...home, AWS_PROFILE: 'half' }, /the profile "half": AWS_SECRET_ACCESS_KEY is missing/],
    ['a profile that is nowhere', { ...home, AWS_PROFILE: 'none' }, /the profile "none" of AWS_PROFILE/],
    ['a profile whose keys are elsewhere', { ...home, AWS_PROFILE: 'sso' }, /gets its keys elsewhere \(sso_session\)/],
    ['a server with a password', { ...keys, AWS_ENDPOINT_URL: 'https://a:hidden@example.com' }, /AWS_ENDPOINT_URL/],
    ['a server that is none', { ...keys, AWS_ENDPOINT_URL: 'minio:9000' }, /AWS_ENDPOINT_URL/],
  ])('with %s ends with 64 and names the variables', async (_, variables, message) => {
    const error = await failure(storageAccess(disk, variables));
    expect(error).toMatchObject({
      exitCode: 64,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/AWS_|aws configure/),
    });
    expect(error.message + String(error.hint)).not.toContain('hidden');
  });
});
