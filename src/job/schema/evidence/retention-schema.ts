import { z } from 'zod';

const text = z.string().regex(/\S/, 'expected words: the chain keeps them');

/** How long messages stay: see Job. */
export const retentionSchema = z
  .strictObject({
    messages: z
      .string()
      .regex(/^([1-9]\d{0,4}d|[1-9]\d?y)$/, 'expected a number of days or years, such as 90d or 7y')
      .meta({
        title: 'How long messages stay',
        description: 'Days or years, counted back from the beginning of the day of the run, in UTC.',
        examples: ['7y', '90d'],
      }),
    reason: text.meta({
      title: 'Why',
      description: 'Stands in the chain of the archive for good.',
      examples: ['records policy 4.2'],
    }),
    by: text.meta({
      title: 'On whose word',
      description: 'Stands in the chain of the archive for good.',
      examples: ['J. Doe, DPO'],
    }),
  })
  .meta({
    title: 'Purge what is too old',
    description:
      'After each run, messages that are older are removed for good, as by `purge --before`. What `hold` names stays. Years stay until the same day of the calendar.',
  });
