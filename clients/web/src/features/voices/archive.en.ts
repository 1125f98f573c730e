/** Words of who speaks, on the page of one meeting in the archive; English. */
export default {
  lane: 'Who speaks',
  partly: 'Speaks {listened}/{parts}',
  span: '{who} {from}–{to}',
  said: 'What is said (recognised by machine, may be wrong)',
}
