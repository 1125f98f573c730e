/** Words of sweeps that stand in the frame; what their pages show is fetched with them; Chinese. */
export default {
  room: '排查',
  command: { 'sweep.close': '结束排查', 'visit.record': '登记走访', 'visit.correct': '更正走访', 'visit.settle': '确认走访', 'errand.ask': '登记代办', 'errand.take': '接办代办', 'errand.hand': '转交代办', 'errand.finish': '办结代办', 'errand.drop': '撤销代办', 'errand.rate': '评价代办' },
  entry: { 'sweep.opened': '发起排查', 'sweep.moved': '排查户划入新网格', 'sweep.folded': '排查进度归并', 'sweep.fell_due': '排查到期', 'sweep.closed': '结束排查', 'sweep.ended': '排查归档', 'sweep.forgotten': '排查内容到期删除', 'visit.recorded': '登记走访', 'visit.corrected': '更正走访', 'visit.settled': '确认走访', 'errand.asked': '登记代办', 'errand.taken': '接办代办', 'errand.finished': '办结代办', 'errand.dropped': '撤销代办', 'errand.rated': '评价代办', 'errand.closed': '代办归档', 'errand.moved': '代办随户转网格' },
}
