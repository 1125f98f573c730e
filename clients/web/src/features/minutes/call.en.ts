/** Words of minutes in a meeting's record; English. */
export default {
  lane: 'Minutes',
  sentence: { submitted: '{who} submitted minutes', again: '{who} submitted version {version} of the minutes', returned: '{who} returned the minutes', withdrawn: '{who} took the minutes back', approved: '{who} approved the minutes {number}, version {version}' },
  command: { 'minutes.submit': 'Submit minutes', 'minutes.return': 'Return minutes', 'minutes.withdraw': 'Take minutes back', 'minutes.approve': 'Approve minutes' },
  entry: { 'minutes.submitted': 'Minutes submitted', 'minutes.returned': 'Minutes returned', 'minutes.withdrawn': 'Minutes taken back', 'minutes.approved': 'Minutes approved' },
}
