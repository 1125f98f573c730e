/** Who is on duty, in a word; they come with what shows it. Chinese. */
export default {
  taken: '值班 {name}', roster: '按排班 {name}', nobody: '无人值守', missed: '应接班未接班',
  more: { taken: '{who} {time} 接班', roster: '按排班是 {who}（{time} 起），还没有接班', nobody: '无人值守，自 {time} 起', nobodyYet: '无人值守，还没有人接过班', missed: '{who} 应于 {time} 接班，还没有接班', lead: '带班 {who}' },
}
