/** Words of minutes that stand in the frame; English. */
export default {
  room: 'Minutes',
  found: 'Minutes',
  open: 'Open the minutes',
  find: 'Minutes of meetings',
  card: { approve: 'Minutes for me to approve', returned: 'Minutes returned to be changed', by: 'submitted by {who}', why: 'returned: {why}', more: 'All minutes' },
}
