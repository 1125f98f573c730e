/** Words of minutes that stand in the frame; Chinese. */
export default {
  room: '纪要',
  found: '纪要',
  open: '打开会议纪要',
  find: '会议纪要',
  card: { approve: '待我审批的纪要', returned: '退回要改的纪要', by: '{who} 提交', why: '退回：{why}', more: '全部纪要' },
}
