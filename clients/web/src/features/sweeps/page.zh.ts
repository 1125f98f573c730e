/** Words of the pages of sweeps; they come with them. Chinese. */
export default {
  sweeps: '排查', open: '发起排查', reading: '正在读取……', failed: '读不出来（{why}），会自动再读。', older: '看更早的', back: '返回',
  empty: '还没有排查。点“发起排查”，选定范围和表单，应排查的户数当即固定，不漏一户。', emptyRead: '还没有涉及本级的排查。', choose: '从左边选一次排查，这里显示进度。',
  state: { open: '进行中', late: '超期未完', done: '全部到户', closed: '已结束', forgotten: '已结束，答复已删除' },
  sort: { blanket: '地毯式', pointed: '指向性' },
  reached: '{done} / {total} 户', asOf: '截至 {at}',
  board: {
    by: '{center} {name} · {at} 发起', due: '要求 {at} 前完成', note: '要求', closed: '{who} 于 {at} 结束', why: '原因：{reason}', kept: '结束后答复保留 {days} 天，之后只留数字', gone: '答复已按期删除，数字和存证保留',
    parts: '上一级', place: '范围', people: '网格人员', share: '已到户', households: '户', persons: '人', csv: '导出 CSV', xlsx: '导出 XLSX', none: '这里没有应排查的户。', show: '查看户', close: '结束排查',
    quiet: '走访一登记，数字就变；本页每 10 秒自动更新。',
  },
  count: { rows: '应排查', met: '见面', phone: '电话', absent: '无人', refused: '拒绝', gone: '已搬离', left: '未走访', handed: '移交村社', conflicts: '待确认', persons: '应见', seen: '已见' },
  hint: { met: '含“无变化”', absent: '三次无人转为电话，再联系不上移交村社', gone: '已不在此居住', handed: '网格联系不上或被拒绝，由村社区处理', conflicts: '两人各自离线登记同一户，等网格长确认' },
  rows: {
    title: '{name} 的户', all: '全部', left: '未走访', open: '未到户', absent: '无人', refused: '拒绝', handed: '移交村社', conflict: '待确认', met: '见面', phone: '电话', gone: '已搬离', filter: '显示',
    masked: '姓名和门牌只有负责该网格的人看得到。', see: '在四实中查看这一户', number: '编号', household: '户', grid: '网格', outcome: '结果', next: '下一步', by: '登记人', none: '没有这样的户。', more: '再看一些', persons: '{count} 人', seen: '已见 {count}',
  },
  outcome: { none: '未走访', met: '见面', unchanged: '无变化', phone: '电话', absent: '无人', refused: '拒绝', gone: '已搬离' },
  next: { visit: '上门', again: '再次上门', phone: '打电话', village: '村社处理', none: '—' },
  visits: {
    title: '第 {row} 号的走访', none: '还没有走访。', holds: '现在计入', conflict: '未知晓对方的登记', offline: '离线登记', late: '超期后', recorded: '{at} 送达', persons: '见到 {count} 人', seconds: '填表 {count} 秒', flags: { symptom: '有症状', origin: '来源地需关注', need: '需要帮助' }, photos: '照片 {count} 张', found: { report: '已形成情况报告', incident: '已形成事件' },
    settle: '以这次为准', settleHint: '两次登记互不知晓，都已保存。核实后选定一次，数字随之更正。', settled: '已确认', note: '说明', answers: '答复',
  },
  close: { confirm: '结束“{title}”？', does: '结束排查', keep: '继续排查', left: '还有 {left} 户没有到户，不再走访', late: '结束前发生、还没送达的走访，7 天内仍会计入', answers: '答复保留 {days} 天后删除，数字保留', why: '为什么提前结束（各网格看得到，不要写个人信息）', need: '还有户没到，请写明原因' },
  form: {
    title: '发起排查', name: '名称', nameHint: '例：返乡人员来源地排查', area: '范围', areaHint: '本中心及以下所有村（社区）登记在册的户', sort: '方式', blanketSays: '范围内每一户', pointedSays: '只到符合条件的户',
    residence: '其中有人是', registered: '户籍', floating: '流动', abroad: '境外', kinds: '户的类型', family: '家庭户', single: '单身户', rental: '出租户', collective: '集体户', need: '指向性排查至少选一个条件',
    due: '完成时限', dueHint: '到时未完成，下一级先收到告警，半小时无人处置再上升一级', note: '要求（不要写个人信息）', days: '答复保留天数', daysHint: '从结束之日算起，之后答复永久删除，数字保留',
    asks: '问什么', ready: '现成表单', own: '不问，只登记到户', pick: '选一份，再增减', remove: '去掉', each: '每人', fresh: '{days} 天内不重复问', always: '每次都问', required: '必答', when: '只在“{label}”相应回答后问', unit: '单位 {unit}', above: '{value}{unit} 起提示异常',
    preview: '手机上的样子', previewHint: '没有过期的答复不会再问；什么都没变，点一下“无变化”即可。', unchanged: '无变化', sample: '示例户', send: '发起排查', sending: '正在固定应排查的户……', failed: '没有发起：{why}', empty: '这个范围还没有登记在册的户。',
    freshFor: '多少天内不重复问', add: '加一个问题', question: '问题', kind: '答法', kindOf: { choice: '单选', number: '数字', text: '文字', photo: '照片' }, options: '选项（一行一个）',
  },
}
