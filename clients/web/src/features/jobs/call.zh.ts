/** Words of jobs in the record; Chinese. */
export default {
  lane: '制作',
  film: { asked: '{who} 要求制作成片', done: '成片完成', failed: '成片未能完成', cancelled: '{who} 取消制作成片' },
  other: { asked: '{who} 要求后台制作', done: '后台制作完成', failed: '后台制作未能完成', cancelled: '{who} 取消后台制作' },
  command: { 'job.ask': '后台制作', 'job.cancel': '取消后台制作' },
  entry: { 'job.asked': '要求制作', 'job.cancelled': '取消制作', 'job.done': '制作完成', 'job.failed': '制作失败' },
}
