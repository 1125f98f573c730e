/** Words of routine tasks in the record of a meeting; Chinese. */
export default {
  entry: {
    'task.given': '下达例行任务',
    'task.changed': '改例行任务',
    'task.opened': '例行任务开始报送',
    'task.answered': '例行任务报送',
    'task.urged': '例行任务催报',
    'task.fell_due': '例行任务到时限',
    'task.closed': '例行任务截止',
    'task.ended': '例行任务结束',
  },
}
