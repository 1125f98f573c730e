/** Words of calling centers: into a running meeting, again, declining, arriving, signing in, groups; Chinese. What desks alone show stands in `desk.zh.ts`. */
export default {
  reason: { handling: '正在处置', later: '稍后参会', unable: '无法参会' },
  command: {
    'meeting.call': '追加呼叫', 'meeting.decline': '拒接', 'meeting.sign_in': '签到', 'group.save': '保存常用组',
    'group.remove': '删除常用组', 'answering.change': '设置自动应答',
  },
}
