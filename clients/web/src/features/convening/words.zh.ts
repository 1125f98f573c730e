/** Words of calling centers that a station shows: declining, signing in, answering by itself; Chinese. More stands in `desk.zh.ts`. */
export default {
  reason: { handling: '正在处置', unattended: '无人值守', later: '稍后参会', unable: '无法参会', other: '其他' },
  signIn: { title: '签到', ask: '谁在场？', name: '姓名', duty: '职务', key: '签到', signed: '已签到', change: '更改' },
  command: { 'meeting.decline': '拒接', 'meeting.sign_in': '签到', 'answering.change': '设置自动应答' },
}
