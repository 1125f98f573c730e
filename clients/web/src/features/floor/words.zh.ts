/** Words of the floor: asked for, given, taken back; Chinese. */
export default {
  tab: '发言',
  does: '请选中的与会方发言，或收回',
  spoken: '{who} 申请发言，共 {count} 人等候',
  key: { grant: '请发言', deny: '不同意', revoke: '收回', more: '再给 1 分钟' },
  station: {
    key: { none: '申请发言', waiting: '取消申请', speaking: '结束发言' },
    waits: '已申请，排第 {place} 位',
    speaks: '请您发言',
    left: '还剩 {time}',
    soon: '快到时间了，还剩 {time}',
    over: '发言已结束',
    refused: '这次没有请您发言，可以再申请',
    because: '这次没有请您发言：{why}',
    overtime: '已超时 {time}',
  },
  command: {
    'floor.request': '申请发言',
    'floor.withdraw': '取消申请',
    'floor.grant': '请发言',
    'floor.deny': '不同意发言',
    'floor.release': '结束发言',
    'floor.revoke': '收回发言权',
  },
}
