/** Words of duty that every desk needs; those of its room come with it. Chinese. */
export default {
  room: '值守',
  command: { 'duty.plan': '保存排班' },
  entry: {
    'duty.planned': '排班', 'duty.plan_over': '排班归档', 'duty.taken': '接班', 'duty.handed': '交班', 'duty.relieved': '接班确认', 'duty.missed': '应接班未接班',
  },
}
