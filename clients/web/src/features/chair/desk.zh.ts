/** Words of the chair's controls that only desks show; Chinese. */
export default {
  tab: '主席',
  lane: '主席',
  does: { tab: '打开主席和会控', lock: '锁定会议，再按解除', pause: '暂停会议，再按继续', admit: '放行所有等候的' },
  figure: '等候',
  view: { title: '主席和会控', control: '控制', record: '会控记录' },
  who: {
    title: '主席', you: '（您）', away: '掉线', absent: '未到会', since: '已 {time}', passes: '将由 {who} 接任', others: '联席主席或有权的与会方',
    take: '收回主席', ask: '申请主席', reason: '申请理由（可不填）', asked: '已申请，等待主席答复', withdraw: '撤回申请', giveBack: '归还主席', handOver: '移交…', to: '移交给', choose: '选择与会方', none: '会中没有可以任主席的人（须为领导或调度员）',
  },
  hand: { title: '移交主席给 {who}？', first: '{who} 将主持会议，可以结束会议', second: '您要再主持，须由对方移交、归还，或按权限收回', confirm: '移交', keep: '不移交' },
  backup: { title: '备用主席', none: '未指定', help: '主席离会或掉线超过 15 秒，由备用主席接任', name: '指定' },
  co: { title: '联席主席', none: '没有', help: '可以控制会议，不能结束会议，不能取得主席', name: '指定', dismiss: '取消', dismissOf: '取消 {who} 的联席主席' },
  requests: { title: '申请主席 {count}', grant: '同意', refuse: '不同意', grantOf: '同意 {who} 任主席', refuseOf: '不同意 {who} 任主席' },
  lock: { title: '锁定', on: '已锁定，{by} {at}', off: '未锁定，后到的直接入会', lock: '锁定会议', unlock: '解除锁定' },
  pause: { title: '暂停', on: '会议暂停，{by} {at}：听不见也看不见任何一方，不录像', off: '正常进行', reason: '原因或恢复时间（可不填，各站点可见）', pause: '暂停会议', resume: '继续开会' },
  term: { title: '预定结束', none: '没有预定结束时间', at: '{at}，还有 {time}', over: '{at}，已超过 {time}', add: '+{minutes} 分钟', addOf: '延长 {minutes} 分钟' },
  waiting: { title: '等候 {count}', none: '没有人在等候', since: '已等 {time}', refused: '已告知不放行', admit: '放行', admitOf: '放行 {who}', refuse: '不放行', refuseOf: '不放行 {who}', all: '全部放行 {count}' },
  notice: {
    you: '您现在是主席', other: '主席：{who}', paused: '会议暂停：听不见也看不见任何一方', waiting: '{count} 个在等候入会', near: '会议预定 {at} 结束，还有 {time}', over: '已超过预定结束时间 {at}', asks: '{who} 申请主席', door: '会议已锁定，请等候主席放行', refused: '主席没有放行，本次不能入会', show: '查看', away: '主席掉线 {time}，未恢复将由 {who} 接任', close: '知道了', label: '会议提示',
  },
  record: {
    none: '还没有会控操作', noneFound: '没有符合的会控操作', by: '操作人', everybody: '所有人', system: '系统', kind: '类别', all: '全部', older: '更早的', csv: '导出 CSV', xlsx: '导出 Excel', failed: '没有读到会控记录', again: '重试', reading: '正在读取……', minutes: '会控记录', filter: '会控',
    group: { meeting: '会议', chair: '主席', waiting: '放行', participant: '静音和移出', stage: '画面', floor: '发言', roll_call: '点名', recording: '录像', tour: '轮巡', banner: '横幅', sound: '声音规则', speaker: '扬声器', listen: '监听', talk: '强插', apart: '单独通话' },
  },
  spoken: { chair: '主席现在是 {who}', you: '您现在是主席', waiting: '{count} 个在等候入会' },
  palette: { lock: '锁定会议', unlock: '解除会议锁定', pause: '暂停会议', resume: '继续开会', admit: '放行等候的 {count} 个', take: '收回主席', ask: '申请主席', extend: '会议延长 {minutes} 分钟', end: '会议' },
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
