/** Words of convening that only desks show; Chinese. */
export default {
  sentence: {
    calledOne: '{by} 呼叫 {who}', called: '{by} 呼叫 {count} 个中心（其中再呼 {again}）', assembled: '应到 {count} 个中心全部到会，用时 {time}', signedIn: '{center} 签到：{who}',
    declined: { handling: '{who} 拒接：正在处置', later: '{who} 拒接：稍后参会', unable: '{who} 拒接：无法参会' },
  },
  entry: {
    'meeting.called': '追加呼叫', 'meeting.declined': '拒接', 'meeting.assembled': '全部到会', 'meeting.signed_in': '签到',
    'group.saved': '保存常用组', 'group.removed': '删除常用组', 'answering.changed': '自动应答',
  },
}
