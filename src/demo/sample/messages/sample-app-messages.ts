import { iso, type MessageDraft } from './message-draft.ts';
import type { MessageAuthor } from '../../workspace/message-document.ts';
import { loginUser, rocketCat } from '../people.ts';
import { createPrng } from '../prng.ts';
import { opsRoomId, type SampleRoom } from '../sample-plan.ts';
import { systemMessage } from './sample-system-messages.ts';

/**
 * What apps, video calls and translation leave in a room, since 2024: messages whose text is in their blocks alone, calls,
 * rows for one person's eyes, translated ones.
 *
 * Source: core-typings IMessage (blocks, private, translations); server/services/video-conference/service.ts
 * (createMessage); app/autotranslate/server/autotranslate.ts
 */
export function appMessages(plan: SampleRoom): readonly MessageDraft[] {
  if (plan.id !== opsRoomId) return [];
  const prng = createPrng(20240102);
  let atMs = Date.parse('2024-01-02T08:00:00Z');
  const next = (): number => (atMs += prng.integer(40_000, 90_000_000));
  const app = 'b1d6c0d1-77a3-4c58-9f0e-2b7f7f6c5a10';
  const draft = (u: MessageAuthor, fields: Readonly<Record<string, unknown>>): MessageDraft => {
    const sentMs = next();
    return {
      _id: prng.id(),
      rid: plan.id,
      msg: '',
      ts: iso(sentMs),
      u,
      _updatedAt: iso(sentMs + 40),
      urls: [],
      mentions: [],
      channels: [],
      ...fields,
    };
  };
  const fromApp = (fields: Readonly<Record<string, unknown>>): MessageDraft =>
    draft(rocketCat, { alias: 'Approvals', groupable: false, ...fields });
  const asked = (text: string, type = 'mrkdwn'): object => ({
    type: 'section',
    appId: app,
    blockId: prng.id(),
    text: { type, text },
  });
  const calls = [1, 2, 3].map(() =>
    systemMessage(plan, 'videoconf', '', loginUser, next(), prng, {
      blocks: [{ type: 'video_conf', blockId: prng.id(), callId: prng.id(), appId: 'videoconf-core' }],
    }),
  );
  const questions = ['Roll back `edge-cache`?', 'Extend the freeze to *Monday*?', 'Page "the vendor", too?'].map(
    (text) =>
      fromApp({
        blocks: [
          asked(text),
          { type: 'context', elements: [{ type: 'plain_text', text: 'asked by deploy-bot' }], appId: app },
          {
            type: 'actions',
            appId: app,
            blockId: prng.id(),
            elements: [
              { type: 'button', text: { type: 'plain_text', text: 'Yes' }, value: 'yes', actionId: 'answer-yes' },
              { type: 'button', text: { type: 'plain_text', text: 'No' }, value: 'no', actionId: 'answer-no' },
            ],
          },
        ],
      }),
  );
  const hints = ['Only you can see this: your shift begins in 10 minutes', 'Only you can see this: shift swapped'].map(
    (msg) => fromApp({ msg, private: true }),
  );
  const translated = [
    ['Wartung beginnt um 22 Uhr', 'Maintenance begins at 10 pm'],
    ['Alles wieder grün', 'All green again'],
  ].map(([msg = '', en = '']) =>
    draft(loginUser, {
      msg,
      translations: { en, original: msg },
      translationProvider: 'deepl-translate',
      attachments: [{ text: `${msg}!`, translations: { en: `${en}!` }, color: '#2de0a5' }],
    }),
  );
  return [...calls, ...questions, ...hints, ...translated];
}
