/** Words of the room of booked meetings, which are fetched with it; Chinese. */
export default {
  page: {
    book: '预约会议', calendar: '日历文件', calendarHint: '以后要开的全部会议，可导入日历软件（.ics）',
    view: { label: '怎样看', list: '列表', week: '周', month: '月' },
    search: '查标题、主席、中心', which: { label: '看哪些', all: '全部', mine: '我的', waits: '待批准', off: '已取消' },
    failed: '会议读不出来（{why}），会自动再读。',
    running: '正在进行', waits: '待我批准', today: '今天', coming: '以后', past: '已过',
    none: { running: '现在没有会议', today: '今天没有要开的会议', coming: '以后还没有预约', past: '{day} 以来没有开过预约的会议', found: '没有符合的会议' },
    empty: '还没有预约。点“预约会议”，选好时间和中心，到时会自动召开。', emptyRead: '还没有预约的会议。',
    earlier: '看更早的', since: '{day} 以来', enter: '进入', more: '还有 {count} 场', previous: '往前', next: '往后', now: '今天',
    bookDay: '在 {day} 预约会议', choose: '从左边选一场会议，这里显示它的全部情况。',
    minutes: '{count} 分钟', record: '录像',
  },
  detail: {
    title: '会议情况', close: '收起', reading: '正在读取……', gone: '没有找到这场会议，或它不再与您有关。',
    when: '时间', chair: '主席', backup: '备用主席', by: '预约人', called: '参会中心', notice: '会前通知', opens: '召开', recording: '录像', note: '议程',
    noticeAt: '提前 {minutes}通知', noNotice: '不提前通知', byItself: '到时自动召开', byHand: '由主席召开', records: '开会即录像', noRecord: '不录像',
    changed: '改过 {count} 次', others: '另有 {count} 个不在本辖区的中心', all: '共 {count} 个', showAll: '全部列出',
    decided: { approved: '{who} 批准', rejected: '{who} 驳回', cancelled: '{who} 取消' }, reason: '原因：{reason}', waitsFor: '等待上级或本级领导批准',
    approve: '批准', approving: '正在批准……', reject: '驳回', change: '更改', copy: '再约一场', cancel: '取消会议', openNow: '现在召开', opening: '正在召开……', calendar: '日历文件', enter: '进入会议', archive: '看录像和记录',
  },
  ask: {
    reject: '驳回“{title}”', cancel: '取消“{title}”', open: '现在召开“{title}”', reason: '原因', reasonHint: '预约人和已通知的中心会看到',
    rejected: '{who} 会看到被驳回的原因', rejectedMore: '这次预约作废，可以另行预约', cancelled: '已通知的 {count} 个中心会看到会议取消', cancelledMore: '取消后不能恢复，可以“再约一场”',
    opens: '立即呼叫 {count} 个中心，主席为 {who}', keep: '先不', doReject: '驳回', doCancel: '取消会议', doOpen: '召开', needed: '请写明原因',
  },
  approval: { label: '本级调度员的预约须经领导批准', on: '须批准', off: '不须批准', saving: '正在设置……' },
  form: {
    make: '预约会议', change: '更改会议', save: '预约', saveChange: '保存更改', saving: '正在保存……', back: '返回',
    what: '会议', name: '会议名称', kind: '类型', when: '时间', date: '日期', time: '开始', length: '时长', lengthOther: '其他', minutes: '分钟', hours: '{count} 小时', until: '到 {time} 结束',
    chair: '主席', chairSelf: '{who}（本人）', chairFind: '按姓名或中心查找主席', backup: '备用主席（主席掉线时接任）', backupNone: '不指定', backupFind: '按姓名或中心查找备用主席', notice: '会前通知', noNotice: '不通知', noticeBefore: '提前 {minutes}', day: '1 天',
    byItself: '到时自动召开', secretHint: '只有获得涉密授权的人员知道这次预约和会议；其他被召集中心不会收到通知', byItselfHint: '不选则由主席到时点“现在召开”', record: '开会即录像', note: '议程和要求', noteHint: '参会中心会前能看到，例如：1. 雨情通报 2. 各县区汇报',
    problem: { title: '请写会议名称', past: '开始时间已经过了', far: '最多提前 400 天预约', when: '请选日期和时间', length: '时长为 5 分钟到 24 小时', nobody: '请至少选一个中心' },
    approval: '保存后须经领导批准，批准后才通知各中心。', free: '保存后即通知各中心。', noticed: '保存更改后，各中心会看到新的时间和安排。',
    unsaved: '填写的内容还没有保存。离开会丢掉。', stay: '继续填写', leave: '不保存离开', leaveTitle: '还没有保存',
    failed: '没有保存：{why}', lost: '要更改的会议读不出来：{why}', over: '这场会议已不能更改。',
    conflictHub: '主席那时主持另一场会议；确认后可以照样预约', templates: '模板', none: '还没有模板',
  },
  conflict: {
    title: '时间冲突', none: '没有冲突：主席和所选中心那时都有空', reading: '正在核对冲突……', failed: '冲突核对不了（{why}），保存时系统仍会核对主席。', waiting: '选好时间和中心后，这里显示冲突。',
    hidden: '另一场会议', chair: '主席相同：{who} 那时主持“{title}”', chairHidden: '主席相同：那时主持另一场会议', centers: '{names} 已在“{title}”', centersMore: '{names} 等 {count} 个中心已在“{title}”', from: '{from}–{to}', running: '正在开', confirm: '知道主席有冲突，照样预约',
    count: '有 {count} 处冲突',
  },
  template: {
    use: '套用 {title}', drop: '删除模板 {title}', dropped: '已删除“{title}”', undo: '撤销', save: '存为模板', saving: '正在保存……', saved: '已存为模板“{title}”', scope: '谁能用', update: '更新同名模板', used: '已套用“{title}”，请选时间',
  },
}
