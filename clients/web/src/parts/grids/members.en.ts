/** Words of a village's grid members and whose phone is there; English. */
export default {
  noGrids: 'This village has no grids yet',
  nobody: 'Nobody assigned',
  reading: 'Reading…',
  failed: 'Could not be read: {why}',
  again: 'Read again',
  online: 'Phone on line',
  offline: 'Phone off line',
  seen: 'on line at {time}',
  walked: '{count} homes today, the last at {time}',
  busy: 'In a meeting',
  leader: 'Leader',
  member: 'Member',
  call: 'Call in',
  calling: 'Calling…',
  notHere: "The phone's page is not open (closed, locked or without a network) and cannot be reached; ask him by telephone to open it",
}
