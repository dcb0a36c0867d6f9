import type { MessageAuthor } from '../workspace/message-document.ts';
import { sampleLogin } from './sample-login.ts';
import type { WorkspaceUser } from '../workspace/workspace.ts';

/** Everybody in the sample workspace. Nobody of them exists. */
export const people: readonly MessageAuthor[] = [
  { _id: sampleLogin.userId, username: sampleLogin.user, name: 'Ines Marlow' },
  { _id: 'aK4mPwZ8cRjNx2VfQ', username: 'tomasz.r', name: 'Tomasz Rybar' },
  { _id: 'Bq9TsLh5dGyEu7WnC', username: 'leila.h', name: 'Leila Haddan' },
  { _id: 'cX2vJfR6kMzPa8YtD', username: 'marc', name: 'Marc Delorne' },
  { _id: 'DwN7gQb3sHxKe5LrF', username: 'yuki', name: '結城 ゆき' },
  { _id: 'eZ5pCtW9mVaJi4SgH', username: 'oluchi', name: 'Oluchi Banwo' },
  { _id: 'FhR8yKd2nBqTo6XcJ', username: 'jonas.w', name: 'Jonas Wildmoser' },
  { _id: 'gL3sEvX7pWzMu9DkN', username: 'carla.s', name: 'Carla Sóley' },
  { _id: 'HjT6aFm4rCyQw2PbL', username: 'noa', name: 'נועה ברזל' },
  { _id: 'iM9dGxB5tKsRv8ZhQ', username: 'dmitri.p', name: 'Дмитрий Полянов' },
  { _id: 'JnW4kHc7uEaSx3TfR', username: 'priya', name: 'Priya Venkataran' },
  { _id: 'kP2bLyD8vGeYz6XjS', username: 'sam-o', name: "Sam O'Darragh" },
];

export const rocketCat: MessageAuthor = { _id: 'rocket.cat', username: 'rocket.cat', name: 'Rocket.Cat' };
export const deployBot: MessageAuthor = { _id: 'LqY8mTb4wHfCn5KdV', username: 'deploybot', name: 'Deploy Bot' };

/** Integrations post under these names; the server's own is rocket.cat. */
const bots = [rocketCat, deployBot];

interface Team {
  readonly _id: string;
  readonly name: string;
}

export const teams: readonly Team[] = [
  { _id: '64c1f0a9e3b7d2586f90a1b4', name: 'platform' },
  { _id: '64c1f0ace3b7d2586f90a1b9', name: 'support-crew' },
];

export const loginUser: MessageAuthor = { _id: sampleLogin.userId, username: sampleLogin.user, name: 'Ines Marlow' };

/** The people as accounts: only the sample login has a password. */
export const sampleUsers: readonly WorkspaceUser[] = [...people, ...bots].map(({ _id, username, name }) => ({
  id: _id,
  username,
  name: name ?? username,
  ...(bots.some((bot) => bot._id === _id) ? { roles: ['bot'], type: 'bot' } : { roles: ['user'] }),
  email: `${username}@example.org`,
  password: _id === sampleLogin.userId ? sampleLogin.password : null,
  totpCode: null,
}));
