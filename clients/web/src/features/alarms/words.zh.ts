/** Words of alarms that a station shows, too, and what its commands and entries are called; Chinese. */
export default {
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
