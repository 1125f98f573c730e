/** Words of incidents and appeals that desks show outside of their room; Chinese. The room brings its own. */
export default {
  room: '事件',
  newKey: '登记事件或诉求',
  lane: '事件',
  sentence: {
    registered: { incident: '{who} 登记事件 {number}：{title}', appeal: '{who} 登记诉求 {number}：{title}' },
    studied: '{who} 会商研判',
    routed: { down: '{who} 交办 {to}', up: '{who} 上报 {to}', across: '{who} 转办 {to}' },
    noted: '{who} 填报处置情况',
  },
  command: {
    'incident.register': '登记', 'incident.change': '更正', 'incident.study': '研判', 'incident.route': '交办', 'incident.acknowledge': '收到',
    'incident.note': '处置情况', 'incident.complete': '报办结', 'incident.close': '核查通过', 'incident.return': '退回', 'incident.reopen': '重新打开',
    'incident.join': '合并', 'incident.separate': '拆分',
  },
  entry: {
    'incident.registered': '登记', 'incident.changed': '更正', 'incident.studied': '研判', 'incident.routed': '交办', 'incident.acknowledged': '收到',
    'incident.noted': '处置情况', 'incident.completed': '报办结', 'incident.passed': '核查通过', 'incident.returned': '退回', 'incident.closed': '办结',
    'incident.reopened': '重新打开', 'incident.joined': '并入', 'incident.separated': '拆分', 'incident.gathered': '并入一件', 'incident.released': '拆出一件',
    'incident.overdue': '超期', 'incident.ordered': '下达指令',
  },
}
