/** Words of the meeting itself: who comes, who goes, how it begins and ends; Chinese. */
export default {
  leave: '离开',
  command: { 'meeting.open': '召集会议', 'meeting.join': '加入会议', 'meeting.leave': '离开会议', 'meeting.end': '结束会议' },
}
