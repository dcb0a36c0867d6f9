import type { Step } from './step.ts';

/**
 * Drops what the server wrote itself: joins, renamed rooms, marks of deleted messages (`rm`). Encrypted messages have a
 * type, too (`e2e`), and are people's own.
 */
export const dropSystemMessages: Step = {
  name: 'dropSystemMessages',
  settings: {},
  message: (message) => (message.isSystem ? null : message),
};
