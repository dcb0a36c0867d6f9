import { z } from 'zod';

const filters = z.strictObject({
  maxBytes: z
    .int()
    .min(1)
    .meta({
      title: 'Largest file',
      description: 'In bytes. Larger ones are named in the table `files` as `too-large`, and stay on the server.',
      examples: [100_000_000],
    })
    .exactOptional(),
  types: z
    .array(z.string().min(1))
    .min(1)
    .meta({
      title: 'Media types',
      description: 'Globs of the types that messages give for their files; others are not looked at.',
      examples: [['image/*', 'application/pdf']],
    })
    .exactOptional(),
  rooms: z
    .array(z.string().regex(/^!?[^!]/, 'expected an id, a name or a glob; a leading "!" excludes'))
    .min(1)
    .meta({
      title: 'Rooms whose files are saved',
      description: 'Ids, names or globs, among the rooms that the job reads; a leading `!` excludes.',
      examples: [['ops-*', '!ops-noise']],
    })
    .exactOptional(),
  avatars: z
    .literal(true)
    .meta({
      title: 'Avatars, too',
      description:
        'true also saves the pictures of those who sent the messages and of the rooms, whatever `types` and `rooms` say, as they are when they are first saved.',
    })
    .exactOptional(),
});

/** `attachments` of a job. */
export const attachmentsSchema = z.union([z.literal('download'), filters]).meta({
  title: 'Save the files of messages',
  description:
    '`download` saves the files that messages show under `_files/` of the archive, and lists them in the table `files`; `{ maxBytes, types, rooms }` some of them, and `avatars` also pictures of people and rooms. What could not be saved is named there and in the manifest, and tried again by the next run. Files of earlier runs are saved, too.',
  examples: ['download', { maxBytes: 100_000_000, types: ['image/*'] }],
});
