/** What can be done about a gap, by the manifest's word for its reason. */
const hints: Readonly<Record<string, string>> = {
  'room-not-found':
    'The room is gone, or this login is no longer a member of it: invite it again, or take the room out of the job',
  'room-kind': 'Take endpoint out of the entry, which then reads rooms of every kind, or take the room out of the job',
  'room-renamed': 'Add the name that the room has now, or take the room out of the job',
  'empty-answer':
    'If the room is really empty, only its counter is wrong: take it out of the job, or post a message in it',
  'bad-message': 'Later runs only note it; the page that holds it is in _raw',
  'http-400': 'The server fails on a stored message: report it to its administrator; every run tries the place again',
  'http-500':
    'The server fails, on the room or on a stored message: report it to its administrator; every run tries again',
  'room-gone':
    'Invite this login again, or take the room out of the job; later runs only note it, and continue if it comes back',
  'not-allowed': 'Give this login the permission to read the room, or take the room out of the job',
  'room-archived': 'Unarchive the room for the export, or take it out of the job',
  wire: 'The response is not one that Rocket.Chat sends: check what stands between the server and this machine',
  moving: 'The room changed faster than it could be read: run the same command again',
  'page-cap': 'Ask the administrator to raise API_Upper_Count_Limit',
};

/** A sentence for every reason: the next run tries each stream again, from where it was read to. */
export function gapHint(reason: string): string {
  return hints[reason] ?? 'The next run tries again from where this one got to';
}
