/** Words of minutes in a meeting's record; Chinese. */
export default {
  lane: '纪要',
  sentence: { submitted: '{who} 提交会议纪要', again: '{who} 提交会议纪要第 {version} 版', returned: '{who} 退回会议纪要', withdrawn: '{who} 撤回会议纪要', approved: '{who} 审批通过会议纪要 {number}，第 {version} 版' },
  command: { 'minutes.submit': '提交纪要', 'minutes.return': '退回纪要', 'minutes.withdraw': '撤回纪要', 'minutes.approve': '通过纪要' },
  entry: { 'minutes.submitted': '提交纪要', 'minutes.returned': '退回纪要', 'minutes.withdrawn': '撤回纪要', 'minutes.approved': '纪要通过' },
}
