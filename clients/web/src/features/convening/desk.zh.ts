/** Words of calling centers that only desks show: the record and groups; Chinese. */
export default {
  sentence: {
    calledOne: '{by} 呼叫 {who}',
    called: '{by} 呼叫 {count} 个中心（其中再呼 {again}）',
    assembled: '应到 {count} 个中心全部到会，用时 {time}',
    signedIn: '{center} 签到：{who}',
    declined: { handling: '{who} 拒接：正在处置', unattended: '{who} 拒接：无人值守', other: '{who} 拒接：其他原因', later: '{who} 拒接：稍后参会', unable: '{who} 拒接：无法参会' },
  },
  answering: {
    title: '应答方式', back: '指挥', what: '呼叫到站点时，由人接听，还是到时自动应答。站点自己也可以更改。', usual: '没有另设的中心：{how}。',
    never: '只振铃，由人接听', after: '{count} 秒后自动应答', search: '查找中心：名称、拼音、代码', setOnly: '只看另设的', set: '另设', of: '{name} 如何应答', below: '下级同此', belowOf: '{name}：下级同此',
    done: '{name}：{how}', same: '{name} 的下级已经都是这样', spread: '{name} 及下级 {count} 个中心：{how}', undo: '撤销', failed: '没有读到：{why}', none: '没有找到中心', noneSet: '没有另设的中心',
    ask: '{name} 及其下级都改为“{how}”？', askCount: '有 {count} 个中心的设置会改变。', askWhat: '各中心原来的设置不会保留；之后可以逐个再改。', askConfirm: '更改 {count} 个中心',
  },
  asking: { title: '追加呼叫 {count} 个中心？', many: '包括 {names} 等 {count} 个', what: '这些中心的站点会立即振铃。', confirm: '呼叫 {count} 个中心' },
  minutes: {
    title: '到会情况', failed: '到会情况没有读到。', again: '再读一次', called: '应到', came: '实到', absent: '缺席', ofThem: '（其中拒接 {count}）',
    absentList: '缺席中心', cameList: '到会中心', center: '中心', at: '到会时间', who: '签到', others: '召集方：',
    declined: '拒接：{reason} · {who} · {time}', silent: '未到', silentTimes: '未到，呼叫 {count} 次', xlsx: '到会名单（Excel）', csv: '到会名单（CSV）',
  },
  board: {
    title: '到会板', open: '到会板', hint: '在新页面打开大字到会板，可投到大屏', reading: '正在读取会议……', gone: '看不到这个会议：',
    arrived: '已到', called: '应到', notYet: '未到', people: '{count} 人在会', since: '呼叫以来', full: '全部到会，用时', ended: '会议已结束',
    county: '{name}：应到 {called}，已到 {arrived}', all: '全部到齐', more: '还有 {count} 个', late: '迟到', lateHint: '呼叫 1 分钟以后才到会', nobodyLate: '没有迟到', lateBy: '呼叫后 {time}',
    screen: '全屏', light: '浅色', dark: '深色',
  },
  groups: {
    title: '常用组', none: '勾选中心后可存为常用组，一键选用。', reading: '正在读取……', failed: '常用组读取失败：{why}',
    save: '保存所选 {count} 个', name: '组名', own: '我的', center: '本中心', scope: '归谁使用', keep: '保存', replace: '覆盖同名组', saving: '正在保存……', cancel: '取消',
    use: '选用 {name}', drop: '删除组 {name}', dropped: '已删除“{name}”', undo: '撤销',
    old: '本机存有 {count} 个旧常用组', take: '转存为我的组', later: '不再提示', level: { city: '全市', county: '全部县区', township: '全部乡镇', village: '全部村社区' },
  },
  command: { 'meeting.call': '追加呼叫', 'group.save': '保存常用组', 'group.remove': '删除常用组' },
  entry: {
    'meeting.called': '追加呼叫', 'meeting.declined': '拒接', 'meeting.assembled': '全部到会', 'meeting.signed_in': '签到',
    'group.saved': '保存常用组', 'group.removed': '删除常用组', 'answering.changed': '自动应答',
  },
}
