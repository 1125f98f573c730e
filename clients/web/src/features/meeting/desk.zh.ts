/** Words of meeting that only desks show; Chinese. */
export default {
  end: { key: '结束会议', title: '结束这场会议？', who: '{count} 人将退出会议。', stay: '继续开会', confirm: '结束会议', ending: '正在结束……', does: '结束会议' },
  lane: '到会',
  sentence: { opened: '{who} 召集会议，通知 {count} 个中心', joined: '{who} 到会', left: '{who} 离开', ended: '{who} 结束会议' },
  entry: { 'meeting.opened': '会议召集', 'meeting.joined': '到会', 'meeting.left': '离开', 'meeting.ended': '会议结束' },
}
