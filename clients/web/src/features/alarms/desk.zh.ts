/** Words of alarms that only desks show; Chinese. */
export default {
  sentence: {
    raised: {
      situation: '{who} 有情况，告警已发出',
      lost: '告警：同时失去 {lost} 个站点（共 {of} 个）',
      overdue: '告警：{who} 下达的指令超期，{left}/{of} 家未办结',
      disk: '告警：磁盘空间不足',
      unrecorded: '告警：录像未在录制',
      service: '告警：媒体节点不在线',
      backup: '告警：最近一次备份失败或核验未通过',
      certificate: '告警：证书将在 {days} 天内到期',
    },
    delivered: '告警已在 {who} 的席位显示',
    acknowledged: '{who} 已阅告警',
    ordered: '{who} 就告警下达指令：{order}',
    escalated: '无人已阅，告警升级至 {to}',
    cleared: {
      normal: '告警解除：该中心已报告一切正常',
      completed: '告警解除：指令已办结',
      passed: '告警解除：情况已恢复',
      aged: '告警归档：已阅后长时间无新情况',
    },
  },
  lane: '告警',
  command: { 'alarm.acknowledge': '已阅', 'alarm.deliver': '送达' },
  entry: {
    'alarm.raised': '告警',
    'alarm.delivered': '告警已送达',
    'alarm.acknowledged': '告警已阅',
    'alarm.ordered': '告警已下令',
    'alarm.escalated': '告警升级',
    'alarm.cleared': '告警解除',
  },
}
