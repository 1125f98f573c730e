/** Words of plans that a meeting's own pages say; Chinese. */
export default {
  lane: '预案',
  sentence: {
    started: '{by} 启动预案“{name}”，{count} 步',
    startedDrill: '{by} 启动预案“{name}”（演练），{count} 步',
    done: { backup: '按预案指定备用主席', co_chair: '按预案指定联席主席', banner: '按预案显示横幅', order: '按预案下达指令', task: '按预案布置例行任务' },
    refused: { backup: '预案的备用主席未能指定', co_chair: '预案的联席主席未能指定', banner: '预案的横幅未能显示', order: '预案的指令未能下达', task: '预案的例行任务未能布置' },
  },
  what: { backup: '指定备用主席', co_chair: '指定联席主席', banner: '显示横幅', order: '下达指令', task: '布置例行任务' },
  state: { waiting: '待做', done: '已完成', refused: '未能完成' },
  reason: { nobody: '已没有可对应的人或中心', meeting_ended: '会议已结束', forbidden: '启动人已无此权限', other: '中心拒绝：{code}' },
  strip: { title: '预案 {name}', done: '{done}/{count} 步已完成', going: '正在进行……', refused: '{count} 步未能完成', open: '查看进度', hide: '收起' },
  sheet: { title: '预案“{name}”的进度', close: '关闭', to: '给谁', all: '全部被召集的中心' },
  entry: { 'plan.saved': '保存预案', 'plan.removed': '删除预案', 'plan.started': '启动预案', 'plan.stepped': '预案步骤' },
}
