/** Words of a station's incidents; they come with it. Chinese. */
export default {
  title: '事件与诉求', kinds: { incident: '事件', appeal: '诉求' }, states: { routed: '待签收', registered: '待处置', studied: '待处置', handling: '处置中', completed: '已报办结，等 {center} 核查' },
  urgencies: { normal: '', urgent: '紧急', critical: '特急' }, due: '{time} 前办结', overdue: '已超期', from: '{center} 交来', returned: '退回：{reason}',
  acknowledge: '收到', acknowledging: '正在签收……', note: '处置情况', complete: '办结', noteText: '做了什么，现场如何', completeText: '办理结果', send: '报上去', sendComplete: '报办结', sending: '正在报……', cancel: '取消',
  need: '请先写几个字', early: '照片还没有传完', personal: '不要填写姓名、电话、身份证号', way: '看交办要求和经过', fold: '收起', failed: '没有读到，正在重试', last: '最近：{text}', sent: '已报', needed: '{count} 件待签收',
}
