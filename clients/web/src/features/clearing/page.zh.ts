/** Words of the room 比对; they come with it. Chinese. */
export default {
  bring: '导入名单', lists: '名单', reading: '正在读取名单……', failed: '名单读不出来（{why}），会自动再读。',
  empty: '还没有名单。点“导入名单”，带入 CSV 或 XLSX 文件，按责任中心拆分下发，当日核查清零。', emptyRead: '还没有发给本级或下级的名单。',
  choose: '从左边选一份名单，这里显示它的日清情况。', older: '看更早的',
  state: { loaded: '待下发', issued: '核查中', cleared: '已清零', late: '超时未清', deleted: '已删除' },
  left: '未核查 {count}', done: '{done} / {total}',
  count: { total: '总数', normal: '已核查正常', abnormal: '异常', absent: '查无此人', moved: '已转移', left: '未核查', passed: '转给他处', taken: '已签收' },
  columnHint: { moved: '已离开名单范围', passed: '转给范围内其他中心，由接收方核查，不计入总数' },
  board: {
    by: '{center} {name} · {at} 导入', note: '要求', due: '要求 {at} 前完成', gone: '个人信息将于 {at} 删除，数字和存证保留',
    goneAlready: { time: '个人信息已到期删除（{at}），数字和存证保留', by_hand: '名单已收回（{at}），个人信息已删除，数字和存证保留' },
    level: '按', county: '县区', township: '乡镇', village: '村（社区）', all: '全部', within: '{name} 以内', center: '中心', share: '完成',
    more: '还有 {count} 个中心未显示', readAt: '截至 {at}', rows: '查看行', people: '名单行',
    csv: '导出 CSV', xlsx: '导出 XLSX', print: '导出不含个人信息', repeated: '重复 {count} 行', leftOut: '未装载 {count} 行', commitment: '存证', nobody: '没有中心',
  },
  issue: {
    title: '下发给责任中心', note: '要求（不要写个人信息）', notePlaceholder: '例：今日 18:00 前逐户核查清零', due: '完成时限', key: '下发给 {count} 个中心', confirm: '下发“{title}”？',
    consequence: { centers: '{count} 个中心立即收到，共 {rows} 行', once: '下发后不能改，只能收回', personal: '个人信息只有责任中心看得到明文' },
    keep: '先不下发', busy: '正在下发……', pastDue: '完成时限须在现在之后、删除日期之前。',
  },
  remove: {
    key: '收回名单', confirm: '收回“{title}”？', does: '收回并删除', keep: '保留',
    consequence: { rows: '{rows} 行个人信息立即永久删除，无法找回', stations: '各中心不能再上报', stays: '数字和存证保留' },
  },
  rows: {
    title: '{name} 的名单行', masked: '个人信息已遮盖。逐行查看明文会记入日志：谁、哪一行，不记内容。', close: '关闭', number: '编号', state: '状态', see: '查看明文', seeing: '正在打开……',
    same: '重复：{names}', elsewhere: '另有 {count} 行在其他名单', written: '有说明', text: '说明', more: '再看 {count} 行', none: '这个中心现在没有名单行。', sourceRow: '原文件第 {row} 行', reading: '正在读取……',
  },
  outcome: { none: '未核查', normal: '已核查正常', abnormal: '异常', absent: '查无此人', moved: '已转移' },
  trouble: { unreached: '联系不上', refuses: '拒不配合', ill: '伤病', danger: '有危险', wrong: '信息有误', other: '其他' },
  form: {
    title: '导入名单', back: '返回', file: '选择文件', drop: '把 CSV 或 XLSX 文件拖到这里，或者点“选择文件”', limits: '最多 100,000 行、24 MB；编码 UTF-8 或 GB18030 自动识别。第一行是列名；多个工作表只读第一个。',
    sending: '正在上传并读取……', other: '换一个文件', encoding: { 'xlsx': 'XLSX', 'utf-8': 'CSV · UTF-8', 'utf-8-bom': 'CSV · UTF-8（带标记）', 'gb18030': 'CSV · GB18030' }, rows: '{count} 行',
    columns: '每一列是什么', columnsHint: '中心可以由几列合成（县、乡、村）。个人信息列加密保存，只有责任中心看得到明文；不需要的列选“不要”。',
    role: { center: '责任中心', id: '身份标识（个人信息，查重）', personal: '个人信息', shown: '可显示', out: '不要' }, column: '第 {letter} 列', roleOf: '“{name}”是什么',
    match: '归属', matching: '正在核对归属……', matched: '{rows} 行归到 {centers} 个中心', repeatedRows: '重复 {count} 行', leftOutRows: '留出 {count} 行',
    unsure: '{rows} 行的中心不能确定', unsureHint: '同名的、没有的都列在这里，系统不会猜。选定中心，或者留出。', shownOnly: '只列出前 {count} 种写法。',
    why: { several: '有几个同名中心', unknown: '没有这个中心', none: '没有写中心' }, times: '{count} 行（第 {rows} 行）', emptyText: '（空白）', pick: '选择中心', skip: '留出，不下发', search: '查中心名称', notFound: '没有找到', decided: '已定',
    leaveOut: '其余 {count} 行不能确定的留出，不下发',
    wrong: '{count} 行不能用，会留出', wrongRow: '第 {row} 行 {column} 列：{why}', wrongWhy: { digits: '数字位数过长，已丢失精度（请把该列设为文本再导出）', too_long: '单元格超过 1,000 字', control: '含有控制字符或改变显示顺序的字符', cells: '比列名多出内容' },
    name: '名单名称', days: '个人信息保存', dayCount: '{count} 天', load: '装载 {count} 行', loading: '正在装载：{done} / {of} 行', loadingStart: '正在装载……',
    problem: { center: '请指定哪一列是责任中心。', id: '身份标识只能是一列。', kept: '至少保留一列要给核查的人看。', title: '请填写名单名称。', unsure: '还有不能确定的行：选定中心，或者勾选留出。', none: '没有一行能归到中心。', many: '手工定的写法超过 500 种，请先在文件里补全中心。' },
    refused: {
      kind: '这不是 CSV 或 XLSX 文件。', encoding: '编码既不是 UTF-8 也不是 GB18030。', csv: '有一个引号没有结束，请用表格软件重新导出。', empty: '文件里没有可用的行。', too_large: '文件解开后过大，可能不是正常的表格。', too_many_rows: '超过 100,000 行，请分成几份。',
      too_many_columns: '超过 64 列，请删去不用的列。', too_slow: '读取时间过长，请另存为 CSV 再试。', unsure: '还有不能确定的行。', unavailable: '系统暂时写不进去，请稍后再装载。', draft: '文件已过时限，请重新选择。',
    },
  },
}
