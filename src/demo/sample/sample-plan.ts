import { loginUser, people } from './people.ts';
import type { Topic } from './conversations.ts';
import type { MessageAuthor } from '../workspace/message-document.ts';
import type { WireRoomType, WithheldStatus } from '../workspace/workspace-room.ts';

/** A room of the sample workspace before anything is said in it. */
export interface SampleRoom {
  readonly id: string;
  readonly type: WireRoomType;
  readonly name: string;
  /** What is talked about; empty: nothing ever is. */
  readonly topics: readonly Topic[];
  readonly members: readonly MessageAuthor[];
  /** First and last day, ISO 8601. */
  readonly from: string;
  readonly to: string;
  readonly about?: string;
  readonly archived?: true;
  readonly parentId?: string;
  /** What people see in place of a name of random letters. */
  readonly title?: string;
  /** The login has a subscription, and may not read. */
  readonly withheld?: WithheldStatus;
  /** Share of what there is to say about the topics; default: all. */
  readonly share?: number;
  /** Share of ordinary messages that are end-to-end encrypted. */
  readonly encrypted?: number;
  /** Begins with rows that were imported from another chat, many in one millisecond. */
  readonly imported?: number;
}

const leila = people.filter(({ username }) => username === 'leila.h');
const others = people.filter(({ _id }) => _id !== loginUser._id);

/** What a visitor of the website asked; its name is the visitor's. */
const livechatPlan: SampleRoom = {
  id: 'gY3dSe6WnBj7ZuLpS',
  type: 'l',
  name: 'Marguerite Okonjo',
  topics: [],
  members: [loginUser],
  from: '2025-06-16',
  to: '2025-06-17',
};

export const livechatRoomId = livechatPlan.id;

export const opsRoomId = 'pR4kTn8ZwQd2HsLcV';

export const roomPlans: readonly SampleRoom[] = [
  {
    id: opsRoomId,
    type: 'p',
    name: 'ops-oncall',
    topics: ['ops', 'oddities'],
    members: people,
    from: '2018-03-05',
    to: '2025-06-27',
    about: 'Pager, incidents, maintenance. Keep calm.',
  },
  {
    id: 'rG7vXb2MyJf9KtNeA',
    type: 'p',
    name: 'release-train',
    topics: ['releases'],
    members: people,
    from: '2019-09-02',
    to: '2025-06-26',
    about: 'What ships when',
  },
  {
    id: 'sD3hWq6PzEu8LrVoC',
    type: 'p',
    name: 'support-escalations',
    topics: ['support'],
    members: people,
    from: '2020-02-10',
    to: '2025-06-27',
    about: 'Customers who cannot wait',
    imported: 104,
  },
  {
    id: 'tF9mYc4KxBi7QsGnD',
    type: 'p',
    name: 'design-review',
    topics: ['design'],
    members: people.slice(0, 9),
    from: '2021-05-17',
    to: '2025-06-25',
    about: 'Be kind, be specific',
  },
  {
    id: 'uH5bZj3TaRo6WpXkE',
    type: 'p',
    name: 'lunch-club',
    topics: ['lunch'],
    members: people,
    from: '2019-01-14',
    to: '2025-06-27',
    about: 'Essen, manger, 食べる, לאכול',
  },
  {
    id: 'vK8nDg7ScLy2EqMwF',
    type: 'p',
    name: 'hiring-panel',
    topics: ['hiring'],
    members: people.slice(0, 6),
    from: '2022-01-10',
    to: '2025-05-30',
    encrypted: 0.18,
  },
  {
    id: 'wL2pHs9UdNa5TrBxG',
    type: 'p',
    name: 'postmortem-ledger-outage',
    topics: ['postmortem'],
    members: people.slice(0, 7),
    from: '2024-11-12',
    to: '2024-12-06',
    about: 'Blameless',
    parentId: opsRoomId,
  },
  {
    id: 'xM6qJv4WeFb3YtCzH',
    type: 'p',
    name: 'project-lantern',
    topics: ['lantern'],
    members: people.slice(0, 5),
    from: '2018-10-01',
    to: '2019-12-19',
    archived: true,
  },
  {
    id: 'yN3rKw8XfPc7ZuDiJ',
    type: 'p',
    name: 'board-prep-2026',
    topics: [],
    members: people.slice(0, 3),
    from: '2025-06-20',
    to: '2025-06-20',
  },
  // Not the login's: it is there to be refused.
  {
    id: 'zP9sLx5YgQd4AvEoK',
    type: 'p',
    name: 'salary-round',
    topics: [],
    members: others.slice(0, 3),
    from: '2024-01-08',
    to: '2024-01-08',
  },
  // Its name is random letters, as with every discussion that people open; its title is what they call it.
  {
    id: 'bT6yMz1RhWe9UpFkN',
    type: 'p',
    name: 'kV3pGm8DsYc5XoJaQ',
    title: 'Which blue is "our" blue?',
    topics: ['design'],
    about: 'Settled on Friday',
    members: people.slice(0, 5),
    from: '2023-03-06',
    to: '2023-03-17',
    parentId: 'tF9mYc4KxBi7QsGnD',
    share: 0.06,
  },
  // Not joined, and readable all the same: through the group that it is a discussion of.
  {
    id: 'cU7zNa2SiXf3VqGlO',
    type: 'p',
    name: 'mW4qHn9EtZd6YpKbR',
    title: 'Generator test in March',
    topics: ['ops'],
    members: others.slice(0, 4),
    from: '2024-03-04',
    to: '2024-03-08',
    parentId: opsRoomId,
    share: 0.02,
  },
  // Not joined, and readable all the same: a public channel.
  {
    id: 'dV8aPb3TjYg4WrHmP',
    type: 'c',
    name: 'office-plants',
    topics: ['lunch'],
    members: others,
    from: '2022-04-04',
    to: '2025-06-06',
    about: 'Water them',
    share: 0.03,
  },
  {
    id: 'eW9bQc4UkZh5XsJnQ',
    type: 'p',
    name: 'partner-north-wind',
    topics: [],
    members: others.slice(0, 2),
    from: '2025-05-05',
    to: '2025-05-05',
    withheld: 'INVITED',
  },
  {
    id: 'fX2cRd5VmAi6YtKoR',
    type: 'c',
    name: 'memes',
    topics: ['lunch'],
    members: others,
    from: '2023-01-09',
    to: '2025-06-13',
    withheld: 'BANNED',
    share: 0.02,
  },
  livechatPlan,
  {
    id: 'GENERAL',
    type: 'c',
    name: 'general',
    topics: ['general'],
    members: people,
    from: '2018-03-05',
    to: '2025-06-20',
    about: 'Everybody is here',
  },
  {
    id: [loginUser, ...leila]
      .map(({ _id }) => _id)
      .sort()
      .join(''),
    type: 'd',
    name: [loginUser, ...leila].map(({ username }) => username).join(','),
    topics: ['direct'],
    members: [loginUser, ...leila],
    from: '2021-08-02',
    to: '2025-06-24',
  },
];
