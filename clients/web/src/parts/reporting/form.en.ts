/** Words of the form of a report: fetched with it; English. */
export default {
  label: 'What has happened',
  nobody: 'No names, telephone or identity numbers.',
  need: 'Write what happened, or choose a kind',
  named: 'This seems to hold a telephone or identity number. Change it; if it does not, press once more.',
  send: 'Send report',
  sending: 'Reporting…',
}
