import { isRecord } from '../model/json/is-record.ts';
import type { Get } from './rooms/list-pages.ts';

const setting = 'Hide_System_Messages';

/**
 * Types of messages that the workspace leaves out of histories (`*.history`), and of nothing else that is read here; null:
 * the server does not say, as those do not that know no `_id`. Rooms may have a list of their own, see Room.
 * Source: server/api/v1/settings.ts, app/lib/server/lib/getHiddenSystemMessages.ts
 *
 * @throws what `get` throws
 */
export async function hiddenTypes(get: Get): Promise<readonly string[] | null> {
  const { settings } = (await get('settings.public', { _id: setting })).value;
  const row: unknown = Array.isArray(settings) ? settings.find((one) => isRecord(one) && one['_id'] === setting) : null;
  const types = isRecord(row) ? row['value'] : undefined;
  if (!Array.isArray(types)) return null;
  return types
    .filter((type) => typeof type === 'string')
    .flatMap((type) => (type === 'mute_unmute' ? ['user-muted', 'user-unmuted'] : [type]));
}
