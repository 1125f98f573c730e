/** Words of the chair's panel and notices; they come with it. Chinese. */
export default {
  view: { title: '主席和会控', control: '控制', record: '会控记录' },
  who: {
    title: '主席', you: '（您）', away: '掉线', absent: '未到会', since: '已 {time}', passes: '将由 {who} 接任', others: '联席主席或有权的与会方',
    take: '收回主席', ask: '申请主席', reason: '申请理由（可不填）', asked: '已申请，等待主席答复', withdraw: '撤回申请', giveBack: '归还主席', handOver: '移交…', to: '移交给', choose: '选择与会方', none: '会中没有可以任主席的人（须为领导或调度员）',
  },
  hand: { title: '移交主席给 {who}？', first: '{who} 将主持会议，可以结束会议', second: '您要再主持，须由对方移交、归还，或按权限收回', confirm: '移交', keep: '不移交' },
  standby: { title: '备用主席', none: '未指定', help: '主席离会或掉线超过 15 秒，由备用主席接任', name: '指定' },
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
    group: { meeting: '会议', chair: '主席', waiting: '放行', participant: '静音和移出', stage: '画面', floor: '发言', roll_call: '点名', recording: '录像', tour: '轮巡', banner: '横幅', sound: '声音规则', speaker: '扬声器', listen: '监听', talk: '强插', apart: '单独通话', unit: '级联' },
  },
}
