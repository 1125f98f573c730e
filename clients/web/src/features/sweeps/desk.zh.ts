/** Words of sweeps that stand in the frame; what their pages show is fetched with them; Chinese. */
export default {
  room: '排查',
  command: { 'sweep.close': '结束排查', 'visit.record': '登记走访', 'visit.correct': '更正走访', 'visit.settle': '确认走访', 'errand.ask': '登记代办', 'errand.take': '接办代办', 'errand.hand': '转交代办', 'errand.finish': '办结代办', 'errand.drop': '撤销代办', 'errand.rate': '评价代办' },
}
