/** Words of booked meetings and templates; Chinese. */
export default {
  room: '会议',
  found: '预约',
  zone: '时间均为{zone}',
  state: { proposed: '待批准', approved: '已批准', noticed: '已通知', opened: '正在开会', held: '已召开', rejected: '已驳回', cancelled: '已取消', missed: '未召开' },
  missed: { not_approved: '到时仍未批准', not_opened: '到时没有人召开', late: '到时系统没有运行', nobody_came: '没有人到会', nobody_to_call: '主席和预约人已无权召集' },
  day: { today: '今天', tomorrow: '明天', yesterday: '昨天' },
  page: { called: '{names} 等 {count} 个中心', calledFew: '{names}', reading: '正在读取会议……' },
  ask: { opensRecord: '录像随即开始' },
  template: { mine: '我的', center: '本级共用', failed: '模板读不出来（{why}）' },
  convene: { title: '按模板召集', found: '召集', hint: '立即呼叫这些中心（先问一次）', nobody: '这个模板现在没有可呼叫的中心', ask: '按“{title}”召集 {count} 个中心？', rings: '这些中心的站点会立即振铃，您是主席', busy: '其中 {count} 个正在会议“{title}”中', leaves: '您会离开“{title}”；它继续开，可再进入', confirm: '召集 {count} 个中心', calling: '正在召集……' },
  overview: { title: '今日会议', none: '今天没有预约的会议', all: '全部会议', waits: '待批准的会议', next: '最近：{day} {time} {title}', count: '今日会议' },
  minutes: { min: '{count} 分钟', hour: '{count} 小时', day: '{count} 天' },
  command: {
    'booking.make': '预约会议', 'booking.change': '更改预约', 'booking.approve': '批准预约', 'booking.reject': '驳回预约', 'booking.cancel': '取消预约',
    'booking.open': '召开预约的会议', 'booking.require_approval': '设置预约审批', 'template.save': '保存模板', 'template.remove': '删除模板', 'template.convene': '按模板召集',
  },
  entry: {
    'booking.made': '预约会议', 'booking.changed': '更改预约', 'booking.called_off': '不再通知参会', 'booking.hidden': '预约定为涉密', 'booking.approved': '批准预约', 'booking.rejected': '驳回预约',
    'booking.cancelled': '取消预约', 'booking.noticed': '会前通知', 'booking.opened': '按时召开', 'booking.held': '会议已召开', 'booking.missed': '未召开',
    'booking.approval_required': '预约审批设置', 'template.saved': '保存模板', 'template.removed': '删除模板',
  },
}
