import { loginUser, people } from './people.ts';
import type { Topic } from './conversations.ts';
import type { MessageAuthor } from './message-document.ts';

/** A room of the sample workspace before anything is said in it. */
export interface RoomPlan {
  readonly id: string;
  readonly type: 'p' | 'c' | 'd';
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
  /** Share of ordinary messages that are end-to-end encrypted. */
  readonly encrypted?: number;
  /** Begins with rows that were imported from another chat, many in one millisecond. */
  readonly imported?: number;
}

const leila = people.filter(({ username }) => username === 'leila.h');
const withoutLogin = people.filter(({ _id }) => _id !== loginUser._id);

export const opsRoomId = 'pR4kTn8ZwQd2HsLcV';

export const roomPlans: readonly RoomPlan[] = [
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
    members: withoutLogin.slice(0, 3),
    from: '2024-01-08',
    to: '2024-01-08',
  },
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
