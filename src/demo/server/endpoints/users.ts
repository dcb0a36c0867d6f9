import type { Endpoint } from '../endpoint.ts';
import { readPaging } from '../paging.ts';
import { text } from '../params.ts';
import { failure, forbidden, success } from '../reply.ts';
import { readSort } from '../sort-param.ts';
import { compareValues } from '../../workspace/sort-order.ts';
import type { WorkspaceUser } from '../../workspace/workspace.ts';

const optionalString = { type: 'string', nullable: true } as const;
const optionalNumber = { type: 'number', nullable: true } as const;

/**
 * Every account, deactivated ones, too, sorted by username.
 *
 * Source: app/api/server/v1/users.ts (users.list), app/api/server/lib/users.ts (getNonEmptyFields), rest-typings
 * UsersListParamsGet. That other versions refuse unknown parameters, too, is an assumption.
 */
export const usersList: Endpoint = {
  method: 'GET',
  access: 'user',
  permission: 'view-d-room',
  schema: () => ({
    typed: false,
    query: {
      kind: 'object',
      required: [],
      properties: {
        fields: optionalString,
        query: optionalString,
        email: optionalString,
        count: optionalNumber,
        offset: optionalNumber,
        sort: optionalString,
      },
    },
  }),
  answer: ({ workspace, rules, params }) => {
    if (rules.usersListNeedsViewOutsideRoom && rules.deniedPermissions.includes('view-outside-room')) {
      throw forbidden(rules.version);
    }
    const { offset, count } = readPaging(params, rules);
    const [[path, direction] = ['username', 1] as const] = readSort(params, rules.version, [['username', 1]]);
    const all = workspace.users.map(listedUser).sort((a, b) => compareValues(a[path], b[path]) * direction);
    const users = all.slice(offset, count === 0 ? undefined : offset + count);
    return success({ users, count: users.length, offset, total: all.length });
  },
};

/**
 * One account. Roles and addresses are for the user and for those who may see them (view-full-other-user-info: admins).
 *
 * Source: app/api/server/v1/users.ts (users.info), app/lib/server/functions/getFullUserData.ts, rest-typings
 * UsersInfoParamsGet
 */
export const usersInfo: Endpoint = {
  method: 'GET',
  access: 'user',
  schema: () => ({
    typed: false,
    query: {
      kind: 'one-of',
      branches: ['userId', 'username'].map((name) => ({
        required: [name],
        properties: { [name]: { type: 'string' }, includeUserRooms: { type: 'string' }, fields: optionalString },
      })),
    },
  }),
  answer: ({ workspace, user: caller, params }) => {
    const id = text(params, 'userId');
    const found = workspace.findUser((user) =>
      id === undefined ? user.username === text(params, 'username') : user.id === id,
    );
    if (found === undefined) throw failure('User not found.');
    const seesAll = found.id === caller.id || caller.roles.includes('admin');
    const shown = Object.entries(listedUser(found)).filter(
      ([name]) => name !== 'nameInsensitive' && (seesAll || (name !== 'emails' && name !== 'roles')),
    );
    return success({ user: { ...Object.fromEntries(shown), utcOffset: found.utcOffset ?? 0 } });
  },
};

function listedUser({
  id,
  username,
  name,
  roles,
  type,
  active,
  email,
}: WorkspaceUser): Readonly<Record<string, unknown>> {
  return {
    _id: id,
    emails: [{ address: email, verified: true }],
    type: type ?? 'user',
    status: 'offline',
    active: active ?? true,
    roles,
    name,
    username,
    nameInsensitive: name.toLowerCase(),
  };
}
