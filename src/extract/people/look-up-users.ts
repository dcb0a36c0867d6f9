import { userInfoEndpoint } from '../../journal/people-journal.ts';
import { refusalIn, type PeopleReading } from './read-people-list.ts';

/** Asks for users one by one, those that a cut attempt has not asked for. When that fails, the next run resumes there. */
export async function lookUpUsers(
  { chat, journal, journaled, signal, onGrown }: PeopleReading,
  ids: readonly string[],
): Promise<void> {
  for (const userId of ids) {
    if (journaled.lookedUp.has(userId)) continue;
    const asked = { endpoint: userInfoEndpoint, params: { userId } };
    try {
      const { body } = await chat.get(userInfoEndpoint, { userId });
      await journal.answer(asked, body);
    } catch (error) {
      const { reason, message } = refusalIn(error, signal);
      if (reason === 'failed') return;
      await journal.refused(asked, reason, message);
    } finally {
      chat.letGo();
      onGrown();
    }
  }
}
