/** Words of custody in a meeting's record; English. */
export default {
  lane: 'Custody',
  sentence: {
    placed: '{who} put what this meeting left on hold',
    liftAsked: '{who} asked for the hold to be lifted',
    lifted: '{who} agreed to lift the hold',
    kept: '{who} kept the hold',
    destroyed: '{count} items destroyed by list {number}, approved by {approved}',
    spared: 'List {number} left this meeting alone',
  },
  command: { 'hold.place': 'Hold', 'hold.ask_lift': 'Ask to lift the hold', 'hold.lift': 'Lift the hold', 'hold.keep': 'Keep the hold', 'retention.set': 'Set retention', 'disposal.approve': 'Approve disposal', 'disposal.reject': 'Reject disposal' },
  entry: {
    'hold.placed': 'Put on hold',
    'hold.lift_asked': 'Lifting asked',
    'hold.lifted': 'Hold lifted',
    'hold.kept': 'Hold kept',
    'retention.set': 'Retention set',
    'disposal.asked': 'Disposal asked',
    'disposal.approved': 'Disposal approved',
    'disposal.rejected': 'Disposal rejected',
    'disposal.destroyed': 'Destroyed by decision',
    'disposal.spared': 'Spared',
    'disposal.completed': 'Disposal completed',
  },
}
