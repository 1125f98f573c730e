/** Words of a station about its own reports: fetched when they are first shown, not with its page; Chinese. */
export default {
  title: '我的上报',
  none: '还没有上报过情况。按“有情况”，上级席位马上会看到。',
  unknown: '正在读取送达情况……',
  failed: '没有读到送达情况，正在重试。',
  queued: '没有连接：已记下，连上后自动上报',
  sending: '正在上报……',
  filed: '已报告 {time}',
  waits: '等待送达',
  delivered: '已送达 {time}（{who} 的席位已显示）',
  unseen: '等待上级查看',
  acknowledged: '{who} 已阅 {time}',
  ordered: '已下令 {time}，请看指令',
  escalated: '无人已阅，已升级至 {to} {time}',
  cleared: '已结束 {time}',
  more: '更早的',
  all: '全部上报记录',
}
