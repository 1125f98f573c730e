/** Words of orders: issued, signed, told of, completed; Chinese. */
export default {
  state: { issued: '已下发', delivered: '已送达', signed: '已签收', returned: '已退回', in_progress: '办理中', completed: '已办结', accepted: '已验收', overdue: '超期', withdrawn: '已撤回' },
  priority: { normal: '一般', urgent: '紧急', critical: '特急' },
  station: {
    title: '指令',
    due: '{time} 前办结',
    soon: '还剩 {count} 分钟',
    overdue: '已超期 {time}',
    done: '已办结的指令 {count}',
    ledger: '全部指令，含已完成的',
    allDone: '显示全部 {count} 条已办结的指令',
    none: '没有待办的指令',
    unsigned: '有 {count} 条指令等您签收',
    minutes: '{count} 分钟',
    hours: '{count} 小时',
    days: '{count} 天',
  },
  tab: '指令',
  key: '下达指令',
  onTile: '指令',
  does: '下达指令',
  command: {
    'order.issue': '下达指令', 'order.deliver': '指令送达', 'order.sign': '签收指令', 'order.progress': '指令进度', 'order.complete': '办结指令', 'extension.ask': '申请延期',
    'order.accept': '验收', 'order.return': '退回', 'order.urge': '催办', 'order.supervise': '督办', 'order.withdraw': '撤回指令', 'order.correct': '更正指令',
    'extension.grant': '同意延期', 'extension.refuse': '不同意延期', 'numbering.change': '文号规则', 'wording.save': '保存指令模板', 'wording.remove': '删除指令模板',
  },
}
