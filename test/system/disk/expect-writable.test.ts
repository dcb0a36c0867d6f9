import { expect, it } from '@jest/globals';
import { expectWritable } from '../../../src/system/disk/expect-writable.ts';
import { failure } from '../../support/failure.ts';

/** A file system on which only /srv and what is in `refused` are there. */
function mayUse(refused: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  return {
    asked,
    access: (path: unknown) => {
      asked.push(String(path));
      const code = refused[String(path)] ?? (path === '/srv' ? undefined : 'ENOENT');
      return code === undefined ? Promise.resolve() : Promise.reject(Object.assign(new Error(code), { code }));
    },
  };
}

it('looks at the folder, or at the nearest above it that is there', async () => {
  const { access, asked } = mayUse({});
  await expectWritable('/srv/output/ops', access);
  expect(asked).toEqual(['/srv/output/ops', '/srv/output', '/srv']);
});

it.each([
  [{ '/srv': 'EROFS' }, 'Cannot write "/srv/output/ops": EROFS', 'The file system is read-only: name another place'],
  [{ '/srv/output/ops': 'EACCES' }, 'Cannot write "/srv/output/ops": permission denied (EACCES)', /permission/],
  [{ '/srv/output': 'ENOTDIR' }, 'Cannot write "/srv/output/ops": ENOTDIR', /is a file/],
])('refuses an output that cannot be written: %j', async (refused, message, hint) => {
  const error = await failure(expectWritable('/srv/output/ops', mayUse(refused).access));
  expect(error).toMatchObject({ message, exitCode: 73, hint: expect.stringMatching(hint) });
});
