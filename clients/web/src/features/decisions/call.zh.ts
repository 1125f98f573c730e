/** Words of decisions; Chinese. */
export default {
  tab: '决策',
  key: '决策',
  does: '记录决策',
  lane: '决策',
  minutes: { title: '决策', none: '没有记录决策' },
  figure: '决策',
  ending: '全部记录保留在台账中，决策 {count} 条。',
  endingDrafts: '全部记录保留在台账中，决策 {count} 条；还有 {drafts} 条草稿主席没有确认，会后不再生效。',
  sentence: { recorded: '{who} 记录决策', drafted: '{who} 起草决策', amended: '{who} 记录决策，修改“{old}”', edited: '修改决策草稿', confirmed: '{who} 确认决策', withdrawn: '{who} 撤回决策草稿“{old}”' },
  command: { 'decision.record': '决策', 'decision.edit': '修改草稿', 'decision.confirm': '确认决策', 'decision.withdraw': '撤回草稿' },
  entry: { 'decision.recorded': '决策', 'decision.edited': '修改草稿', 'decision.confirmed': '确认决策', 'decision.withdrawn': '撤回草稿' },
}
