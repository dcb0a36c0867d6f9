import { z } from 'zod';

const address = z.string().check((context) => {
  const isAddress = URL.canParse(context.value) && /^https?:$/.test(new URL(context.value).protocol);
  const message = 'expected an address that begins with https:// or http://';
  if (!isAddress) context.issues.push({ code: 'custom', input: context.value, message });
});

/** `notify` of a job. */
export const notifySchema = z
  .strictObject({
    webhook: address
      .meta({
        title: 'Address that takes JSON',
        description:
          'Gets a POST with the event, a sentence, and what `--json` prints of the run. Whoever knows the address can post to it: take it from a variable.',
        examples: ['${NOTIFY_WEBHOOK}'],
      })
      .exactOptional(),
    rocketchat: address
      .meta({
        title: 'Incoming webhook of a Rocket.Chat',
        description: 'Gets the sentence as a message. Make the integration for a room that no job exports.',
        examples: ['${NOTIFY_ROCKETCHAT}'],
      })
      .exactOptional(),
  })
  .refine(({ webhook, rocketchat }) => webhook !== undefined || rocketchat !== undefined, {
    message: 'expected "webhook", "rocketchat", or both',
  })
  .meta({
    title: 'Whom to tell',
    description:
      'Runs that failed, that left gaps, and those of `schedule` that could not start in time are posted here. A notification that cannot be delivered is a warning and never changes the exit code.',
  });
