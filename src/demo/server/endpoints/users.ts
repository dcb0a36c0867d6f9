import type { Endpoint } from '../endpoint.ts';
import { readPaging } from '../paging.ts';
import { forbidden, success } from '../reply.ts';
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
        ...{ fields: optionalString, query: optionalString, email: optionalString },
        ...{ count: optionalNumber, offset: optionalNumber, sort: optionalString },
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
