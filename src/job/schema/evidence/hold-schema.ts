import { z } from 'zod';

const names = z.array(z.string().min(1)).min(1);

/** What no purge removes: see Job. */
export const holdSchema = z
  .strictObject({
    rooms: names
      .meta({ title: 'Rooms', description: 'Ids or names as the tables have them.', examples: [['legal']] })
      .exactOptional(),
    users: names.meta({ title: 'People', description: 'Ids or usernames.', examples: [['ada']] }).exactOptional(),
  })
  .meta({
    title: 'Hold against purges',
    description:
      'Rooms and people whose messages `purge` refuses to remove, from the next run on. A purge by time leaves them out.',
  });
