/** Of a run without anything to read, now or before. */
export const noRoomsNote =
  'The job finds no room: this login can see none of those that its entries name, or the entries exclude them all.';
