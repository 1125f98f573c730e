/** Words of links to a moment of a meeting, and to what gave rise to something; they come with them. Chinese. */
export default {
  look: '看会议此刻',
  hint: '打开档案，从这一秒播放',
  meeting: '“{title}”{time}',
  counts: '签收 {signed}/{of} · 办结 {done}/{of}',
  late: '超期 {count}',
  withdrawn: '已撤回',
  noOrders: '还没有据此下达的指令',
  hidden: '还有 {count} 条指令不归您看',
  unread: '指令读不出来（{why}）',
}
