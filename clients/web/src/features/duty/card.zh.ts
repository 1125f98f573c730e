/** Words of the card on 总览; they come with it. Chinese. */
export default {
  title: '值班', all: '值守', reading: '正在读取值班情况……', failed: '值班情况读不出来（{why}），会自动再读。',
  own: { taken: '本级 {who}，{time} 接班', roster: '本级 {who}（按排班，{time} 起）', nobody: '本级无人值守' },
  missedOwn: '{who} 应于 {time} 接班，未接班', missed: '应接班未接班 {count} 个中心', missedOf: '应于 {time} 接班未接班：{who}', nobody: '无人值守 {count} 个中心',
}
