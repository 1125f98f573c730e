/** Words of the room 值守; they come with it. Chinese. */
export default {
  title: '值守', search: '查中心：名称、拼音、代码', centers: '各中心值班', failed: '值班情况读不出来（{why}），会自动再读。', reading: '正在读取值班情况……',
  which: { label: '看哪些', all: '全部', missed: '应接班未接班', nobody: '无人值守', roster: '按排班', taken: '已接班', unplanned: '未排班' },
  row: { taken: '{who}', roster: '{who}（按排班）', nobody: '无人值守', unplanned: '未排班', since: '{time} 起', missed: '应接班未接班', sinceTaken: '{time} 接班' },
  none: '没有这样的中心', gone: '没有这个中心，或它不在您的辖区。', back: '回到列表', zone: '时间均为{zone}',
  tabs: { label: '看什么', roster: '排班', turns: '交接班', log: '值班日志' },
  roster: {
    week: '{first} 至 {last}', previous: '上一周', next: '下一周', now: '本周', reading: '正在读取排班……', failed: '排班读不出来（{why}）。', again: '再读',
    day: '日期', begins: '开始', ends: '结束', role: '类别', name: '姓名', post: '职务', drop: '删去 {day} 的这一班', add: '加一班', none: '没有排班',
    lead: '带班领导', watch: '值班员', nextDay: '次日', copy: '复制上周', spread: '把 {day} 排到其余各天', save: '保存排班', saving: '正在保存……', undo: '放弃改动', saved: '已保存，共 {count} 班', unsaved: '有未保存的改动',
    hint: '只写姓名和职务，不写电话号码；排班记入台账。结束时间不晚于开始时间的，算到次日。', past: '这一周已经过去，不能再改。', reads: '您可以查看，不能改动。',
    carried: '接上周：{who} 值到 {time}', copied: '已复制上周 {count} 班，保存后生效', nothing: '上周没有排班',
    problem: { name: '请写姓名', number: '不能写电话号码', time: '请填时间', overlap: '与同类别的另一班时间重叠', many: '一周最多 60 班', length: '一班为 15 分钟到 48 小时' }, refused: '没有保存：{why}', stay: '继续编辑', leave: '不保存离开', leaveTitle: '排班还没有保存', leaveWhat: '这一周改动的排班会丢掉',
  },
  turns: { none: '还没有人接过班。', reading: '正在读取交接班……', failed: '交接班读不出来（{why}）。', again: '再读', more: '更早的', on: '{time} 接班', off: '{time} 交班', read: '{time} {name} 接班', readNote: '{time} {name} 已阅读并接班', still: '在岗', waits: '已交班，等下一班接班', noNote: '没有写交班记录' },
  log: {
    day: '日期', reading: '正在读取日志……', failed: '日志读不出来（{why}）。', again: '再读', none: '这一天没有记录。', print: '打印', file: '导出 CSV', whole: '这一天的记录超过 {count} 条，只列出最新的。',
    kinds: { label: '看哪些', all: '全部', duty: '值班', meeting: '会议', report: '情况和告警', order: '指令' }, count: '{count} 条', head: { time: '时间', what: '事项', text: '内容', number: '台账序号' }, heading: '{center} 值班日志 {day}', printed: '{count} 条，按台账编制',
    said: {
      planned: '{who} 排班 {from} 至 {to}，{count} 班', taken: '{name} 接班', takenPost: '{post} {name} 接班', handed: '{name} 交班', relieved: '{name} 接替上一班', relievedRead: '{name} 阅读交班记录并接班',
      missed: '{name} 应于 {time} 接班，无人接班', missedHolder: '{name} 应于 {time} 接班，未接班；{holder} 仍在岗',
    },
    file_name: '值班日志',
  },
}
