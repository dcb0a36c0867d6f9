import { z } from 'zod';
import { emptyPeriod, isEmptyPeriod, timestamp } from './period-schema.ts';
import { pluginKeys } from './plugin-keys.ts';

/** A step is its key: these stand alone, the others belong to one of them. */
const stepOf = {
  dropSystemMessages: 'dropSystemMessages',
  since: 'since',
  until: 'since',
  dropColumns: 'dropColumns',
  pseudonymize: 'pseudonymize',
  use: 'use',
  options: 'use',
} as const;

const step = z
  .strictObject({
    dropSystemMessages: z
      .literal(true)
      .meta({
        title: 'Drop system messages',
        description: 'Leave out what the server wrote itself: joins, renamed rooms, marks of deleted messages.',
      })
      .exactOptional(),
    since: timestamp
      .meta({
        title: 'Drop older messages',
        description: 'Keep messages sent then or later. A date begins at midnight UTC.',
        examples: ['2024-01-01'],
      })
      .exactOptional(),
    until: timestamp
      .meta({
        title: 'Drop newer messages',
        description: 'Keep messages sent before then. A date begins at midnight UTC.',
        examples: ['2025-01-01'],
      })
      .exactOptional(),
    dropColumns: z
      .array(z.string().min(1))
      .min(1)
      .meta({
        title: 'Leave out columns',
        description: 'Of every table that has them.',
        examples: [['extra', 'urls']],
      })
      .exactOptional(),
    pseudonymize: z
      .strictObject({
        key: z
          .string()
          .regex(/^[^]{16,}$/, 'expected a secret of at least 16 characters')
          .meta({
            title: 'Secret key',
            description:
              'The same key gives the same pseudonyms. Take it from a variable or a file, never write it here.',
            examples: ['${file:/run/secrets/pseudonym-key}'],
          }),
      })
      .meta({
        title: 'Put pseudonyms for people',
        description:
          'Replaces user ids, usernames, names and @mentions by keyed hashes, and empties the columns of json.',
      })
      .exactOptional(),
    use: pluginKeys.use.exactOptional(),
    options: pluginKeys.options,
  })
  .superRefine((keys, context) => {
    const message = entryProblem(keys);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
    else if (isEmptyPeriod(keys)) context.addIssue({ code: 'custom', ...emptyPeriod() });
  });

type Keys = Readonly<Partial<Record<keyof typeof stepOf, unknown>>> & {
  readonly since?: string;
  readonly until?: string;
};

function entryProblem(keys: Keys): string | undefined {
  const given = new Set(Object.keys(keys));
  const steps = new Set(Object.entries(stepOf).flatMap(([key, name]) => (given.has(key) ? [name] : [])));
  if (steps.size === 0) return 'is empty, expected one step';
  if (steps.size > 1) return 'holds several steps, expected one in each entry of the list';
  if (steps.has('use') && keys.use === undefined) return 'has options without a module, expected the key "use"';
  return undefined;
}

/** An entry of `transform.steps`, checked. */
export type StepEntry = z.infer<typeof step>;

/** `transform.steps` of a job: one key an entry, `since` and `until` and `use` and `options` together. */
export const stepsSchema = z.array(step).meta({
  title: 'What to do to the messages',
  description: 'One step per entry, in order, before the rows of the tables are made.',
});
