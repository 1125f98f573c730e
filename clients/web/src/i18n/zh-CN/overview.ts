/** Words of 总览: the day. */
export default {
  title: '总览',
  figures: { online: '在线中心', meetings: '正在开会' },
  columns: { call: '一键召集', waits: '待我处理', today: '今日' },
  running: { title: '正在进行', none: '现在没有会议', enter: '进入', since: '{time} 开始 · {sum}', more: '全部会议' },
  call: {
    hint: '选好后在“指挥”核对名单，再按一次键呼叫。',
    counties: '全部县区',
    townships: '全部乡镇',
    online: '全部在线',
    own: '自选……',
  },
  waits: { none: '没有等您处理的事项' },
  today: { none: '今天没有其他安排' },
  last: { title: '最近会议', none: '还没有开过会议', attended: '{count} 人到会' },
}
