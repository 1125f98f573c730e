/** Words of the panel and the minutes of decisions; they come with them. Chinese. */
export default {
  state: { draft: '草稿，待主席确认', confirmed: '已确认', withdrawn: '已撤回' },
  amendedBy: '已被后一条修改为：{text}', amends: '修改了：{text}', amendWhat: '新的决策代替原决策，依据和责任单位不变；原决策注明已被修改，仍可查看。', amendRecord: '记录修改', amendNothing: '请写修改后的决策', confirmedBy: '{who} 确认 {time}', by: '{who} 提出', at: '看会议此刻',
  responsible: '责任单位', basis: '依据', none: '无', orders: '指令 {count} 条 · 签收 {signed}/{of} · 办结 {completed}/{of}', noOrders: '还没有据此下达的指令',
  text: '决策内容', placeholder: '决策内容，回车记录', record: '记录决策', draft: '存为草稿', save: '保存修改', sending: '正在送出……', hintChair: '您记录的即为已确认的决策', hintOther: '您记录的是草稿，主席确认后生效',
  more: '依据和责任单位', find: '责任单位名称或拼音', add: '加上 {name}', drop: '去掉 {name}', noBasis: '本次会议没有情况报告，也没有未办结的事件', report: '情况', incident: '事件', appeal: '诉求', alarm: '告警', decision: '决策', unknown: '不能查看',
  edit: '修改', confirm: '确认', withdraw: '撤回', amend: '修改这条决策', order: '据此下令', cancel: '取消', editing: '修改草稿', amending: '修改决策，记录后原决策注明已被修改',
  ask: '撤回这条草稿？', askMore: '草稿注明已撤回，记录保留。', askKeep: '返回', quote: '决策：{text}', empty: '还没有决策。按 D 开始写，回车记录。', withdrawnShown: '已撤回 {count} 条',
}
