/** Words of decisions; Chinese. */
export default {
  panel: { text: '决策内容', placeholder: '决策内容，回车记录', send: '记录决策', none: '还没有决策。按 D 开始写，回车记入台账。' },
  tab: '决策',
  key: '决策',
  does: '记录决策',
  lane: '决策',
  minutes: { title: '决策', none: '没有记录决策' },
  figure: '决策',
  ending: '全部记录保留在台账中，决策 {count} 条。',
  sentence: { recorded: '{who} 记录决策' },
  command: { 'decision.record': '决策' },
  entry: { 'decision.recorded': '决策' },
}
