/** Words of sweeps that stand in the frame; what their pages show is fetched with them; Chinese. */
export default {
  room: '排查',
  command: { 'sweep.close': '结束排查', 'visit.record': '登记走访', 'visit.correct': '更正走访', 'visit.settle': '确认走访' },
}
