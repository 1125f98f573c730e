/** Words of calling centers that a station shows: declining, signing in, answering by itself; Chinese. More stands in `desk.zh.ts`. */
export default {
  reason: { handling: '正在处置', later: '稍后参会', unable: '无法参会' },
  command: { 'meeting.decline': '拒接', 'meeting.sign_in': '签到', 'answering.change': '设置自动应答' },
}
