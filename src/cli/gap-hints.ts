/** What can be done about a gap, by the manifest's word for its reason. */
const hints: Readonly<Record<string, string>> = {
  'room-not-found':
    'The room is gone, or this login is no member of it any more: invite it again, or take the room out of the job',
  'room-gone':
    'Invite this login again, or take the room out of the job; later runs only note it, and read it on if it comes back',
  'not-allowed': 'Give this login the permission to read the room, or take the room out of the job',
  'room-archived': 'Unarchive the room for the export, or take it out of the job',
  wire: 'The server answered what no Rocket.Chat should: check what stands between it and this machine',
  moving: 'The room changed faster than it could be read: run the same command again',
  'page-cap': 'Ask the administrator to raise API_Upper_Count_Limit',
};

/** A sentence for every reason: the next run tries each stream again, from where it was read to. */
export function gapHint(reason: string): string {
  return hints[reason] ?? 'The next run tries again from where this one got to';
}
