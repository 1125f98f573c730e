/** What the entries of sweeps, visits and errands are called in the audit, which alone shows them; Chinese. */
export default {
  entry: { 'sweep.opened': '发起排查', 'sweep.moved': '排查户划入新网格', 'sweep.folded': '排查进度归并', 'sweep.fell_due': '排查到期', 'sweep.closed': '结束排查', 'sweep.ended': '排查归档', 'sweep.forgotten': '排查内容到期删除', 'visit.recorded': '登记走访', 'visit.corrected': '更正走访', 'visit.settled': '确认走访', 'errand.asked': '登记代办', 'errand.taken': '接办代办', 'errand.handed': '代办转村办理', 'errand.finished': '办结代办', 'errand.dropped': '撤销代办', 'errand.rated': '评价代办', 'errand.closed': '代办归档', 'errand.moved': '代办随户转网格', 'gridtask.given': '指令转网格办理', 'gridtask.signed': '网格签收指令', 'gridtask.reported': '网格反馈指令', 'gridtask.withdrawn': '收回网格指令', 'gridtask.ended': '网格指令随原指令结束', 'gridtask.moved': '网格指令转网格' },
  command: { 'gridtask.give': '指令转网格办理', 'gridtask.sign': '网格签收指令', 'gridtask.report': '网格反馈指令', 'gridtask.withdraw': '收回网格指令' },
}
