/** Who is on duty, in a word; they come with what shows it. English. */
export default {
  taken: 'On duty {name}', roster: 'By roster {name}', nobody: 'Nobody on duty', missed: 'Nobody took over',
  more: { taken: '{who} took over at {time}', roster: 'By the roster {who} (from {time}), who has not taken over', nobody: 'Nobody on duty since {time}', nobodyYet: 'Nobody on duty; nobody ever took over', missed: '{who} was to take over at {time} and has not', lead: 'in charge {who}' },
}
