/** Words of the floor: asked for, given, taken back; Chinese. */
export default {
  lane: '发言',
  sentence: {
    requested: '{who} 申请发言',
    withdrawn: '{who} 取消发言申请',
    granted: '{by} 请 {who} 发言',
    granted_for: '{by} 请 {who} 发言，限时 {time}',
    denied: '{by} 未同意 {who} 发言',
    released: '{who} 发言完毕',
    revoked_chair: '{by} 收回 {who} 的发言权',
    revoked_next: '{by} 请下一位，{who} 发言结束',
    revoked_time: '{who} 发言时间到',
    revoked_removed: '{who} 被移出，发言结束',
  },
  command: {
    'floor.request': '申请发言',
    'floor.withdraw': '取消申请',
    'floor.grant': '请发言',
    'floor.deny': '不同意发言',
    'floor.release': '结束发言',
    'floor.revoke': '收回发言权',
  },
  entry: {
    'floor.requested': '申请发言',
    'floor.withdrawn': '取消申请',
    'floor.granted': '请发言',
    'floor.denied': '未同意发言',
    'floor.released': '发言完毕',
    'floor.revoked': '收回发言权',
  },
}
