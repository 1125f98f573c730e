/** Words of custody in a meeting's record; Chinese. */
export default {
  lane: '保管',
  sentence: {
    placed: '{who} 冻结本次会议的档案',
    liftAsked: '{who} 提请解除冻结',
    lifted: '{who} 同意解除冻结',
    kept: '{who} 保持冻结',
    destroyed: '按销毁清单 {number} 销毁 {count} 件，{approved} 批准',
    spared: '销毁清单 {number} 未动本次会议',
  },
  command: { 'hold.place': '冻结档案', 'hold.ask_lift': '提请解冻', 'hold.lift': '同意解冻', 'hold.keep': '保持冻结', 'retention.set': '设定保存期限', 'disposal.approve': '批准销毁', 'disposal.reject': '退回销毁清单' },
  entry: {
    'hold.placed': '冻结档案',
    'hold.lift_asked': '提请解冻',
    'hold.lifted': '解除冻结',
    'hold.kept': '保持冻结',
    'retention.set': '设定保存期限',
    'disposal.asked': '提请销毁',
    'disposal.approved': '批准销毁',
    'disposal.rejected': '退回销毁清单',
    'disposal.destroyed': '按规定销毁',
    'disposal.spared': '免于销毁',
    'disposal.completed': '销毁完成',
  },
}
