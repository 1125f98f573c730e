/** Words of routine tasks that desks have at hand; what their pages show is fetched with them; Chinese. */
export default {
  room: '例行任务',
  command: { 'task.give': '下达例行任务', 'task.urge': '催报', 'task.change': '修改例行任务', 'task.end': '结束例行任务' },
}
