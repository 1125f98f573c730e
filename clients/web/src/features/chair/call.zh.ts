/** Words of the chair's controls that only desks show; Chinese. */
export default {
  tab: '主席',
  lane: '主席',
  does: { tab: '打开主席和会控', lock: '锁定会议，再按解除', pause: '暂停会议，再按继续', admit: '放行所有等候的' },
  figure: '等候',
  spoken: { chair: '主席现在是 {who}', you: '您现在是主席', waiting: '{count} 个在等候入会' },
  sentence: {
    requested: '{who} 申请主席', requestWithdrawn: '{who} 撤回主席申请', refused: '{by} 不同意 {who} 任主席',
    changed: { granted: '{by} 同意 {who} 任主席', handed_over: '{by} 将主席移交给 {who}', given_back: '{by} 将主席归还给 {who}', taken: '{who} 从 {before} 收回主席', away: '{before} 掉线，{who} 接任主席', left: '{before} 离会，{who} 接任主席' },
    backup: '{by} 指定 {who} 为备用主席', noBackup: '{by} 取消备用主席', co: '{by} 指定 {who} 为联席主席', noCo: '{by} 取消 {who} 的联席主席', lost: '{who} 席位掉线', returned: '{who} 席位恢复',
    locked: '{by} 锁定会议', unlocked: '{by} 解除会议锁定', came: '{who} 到会，等候放行', admitted: '{by} 放行 {who}', admittedMany: '{by} 放行 {count} 个', notAdmitted: '{by} 不放行 {who}', gaveUp: '{who} 不再等候',
    paused: '{by} 暂停会议', resumed: '{by} 继续开会', extended: '{by} 延长会议 {minutes} 分钟，至 {at}', endNear: '预定结束时间将到：{at}',
  },
  command: {
    'chair.request': '申请主席', 'chair.withdraw': '撤回主席申请', 'chair.grant': '同意任主席', 'chair.refuse': '不同意任主席', 'chair.hand_over': '移交主席', 'chair.give_back': '归还主席', 'chair.take': '收回主席',
    'chair.name_backup': '指定备用主席', 'chair.name_co': '指定联席主席', 'chair.dismiss_co': '取消联席主席', 'meeting.lock': '锁定会议', 'meeting.unlock': '解除锁定', 'waiting.admit': '放行', 'waiting.refuse': '不放行',
    'meeting.pause': '暂停会议', 'meeting.resume': '继续开会', 'meeting.extend': '延长会议',
  },
  entry: {
    'chair.requested': '申请主席', 'chair.request_withdrawn': '撤回主席申请', 'chair.refused': '不同意任主席', 'chair.changed': '主席变更', 'chair.backup_named': '备用主席', 'chair.co_named': '联席主席', 'chair.co_dismissed': '取消联席主席', 'chair.lost': '席位掉线', 'chair.returned': '席位恢复',
    'meeting.locked': '锁定', 'meeting.unlocked': '解除锁定', 'waiting.came': '等候放行', 'waiting.admitted': '放行', 'waiting.refused': '不放行', 'waiting.gave_up': '不再等候', 'meeting.paused': '暂停', 'meeting.resumed': '继续', 'meeting.extended': '延长', 'meeting.end_near': '将到结束时间',
  },
}
