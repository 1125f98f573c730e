/** Words of booked meetings and templates; Chinese. */
export default {
  command: {
    'booking.make': '预约会议', 'booking.change': '更改预约', 'booking.approve': '批准预约', 'booking.reject': '驳回预约', 'booking.cancel': '取消预约',
    'booking.open': '召开预约的会议', 'booking.require_approval': '设置预约审批', 'template.save': '保存模板', 'template.remove': '删除模板', 'template.convene': '按模板召集',
  },
  entry: {
    'booking.made': '预约会议', 'booking.changed': '更改预约', 'booking.called_off': '不再通知参会', 'booking.approved': '批准预约', 'booking.rejected': '驳回预约',
    'booking.cancelled': '取消预约', 'booking.noticed': '会前通知', 'booking.opened': '按时召开', 'booking.held': '会议已召开', 'booking.missed': '未召开',
    'booking.approval_required': '预约审批设置', 'template.saved': '保存模板', 'template.removed': '删除模板',
  },
}
