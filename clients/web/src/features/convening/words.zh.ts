/** Words of calling centers: into a running meeting, again, declining, arriving, signing in, groups; Chinese. What desks alone show stands in `desk.zh.ts`. */
export default {
  reason: { handling: '正在处置', later: '稍后参会', unable: '无法参会' },
  sentence: {
    calledOne: '{by} 呼叫 {who}', called: '{by} 呼叫 {count} 个中心（其中再呼 {again}）', assembled: '应到 {count} 个中心全部到会，用时 {time}', signedIn: '{center} 签到：{who}',
    declined: { handling: '{who} 拒接：正在处置', later: '{who} 拒接：稍后参会', unable: '{who} 拒接：无法参会' },
  },
  command: {
    'meeting.call': '追加呼叫', 'meeting.decline': '拒接', 'meeting.sign_in': '签到', 'group.save': '保存常用组',
    'group.remove': '删除常用组', 'answering.change': '设置自动应答',
  },
  entry: {
    'meeting.called': '追加呼叫', 'meeting.declined': '拒接', 'meeting.assembled': '全部到会', 'meeting.signed_in': '签到',
    'group.saved': '保存常用组', 'group.removed': '删除常用组', 'answering.changed': '自动应答',
  },
}
