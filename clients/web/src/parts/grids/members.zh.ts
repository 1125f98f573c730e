/** Words of a village's grid members and whose phone is there; Chinese. */
export default {
  noGrids: '这个村（社区）还没有网格',
  nobody: '未配人员',
  reading: '正在读取…',
  failed: '没有读到：{why}',
  again: '再读一次',
  online: '手机在线',
  offline: '手机不在线',
  seen: '{time} 在线过',
  walked: '今天 {count} 户，最近 {time}',
  busy: '正在会议中',
  leader: '网格长',
  member: '网格员',
  call: '呼叫入会',
  calling: '正在呼叫…',
  notHere: '手机页面没有打开（未开、已锁或没有网络），打不通；请电话联系他打开“网格”页面',
}
