/** Words of orders on the phone; Chinese. */
export const orderZh = {
  sign: '签收',
  signed: '已签收，保存在手机上',
  report: '反馈',
  textHint: '办得怎么样，不写姓名',
  textMissing: '请写清楚办得怎么样',
  progress: '反馈进展',
  done: '办结',
  reported: '已反馈，保存在手机上',
  note: '村里的要求',
  last: '上次反馈',
  over: '这条指令已结束',
  turn: { new: '待签收', going: '办理中', over: '已结束' },
  priority: { critical: '特急', urgent: '紧急', normal: '一般' } as Readonly<Record<string, string>>,
}
