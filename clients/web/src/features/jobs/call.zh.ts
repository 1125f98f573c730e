/** Words of jobs in the record; Chinese. */
export default {
  lane: '制作',
  film: { asked: '{who} 要求制作成片', done: '成片完成', failed: '成片未能完成', cancelled: '{who} 取消制作成片' },
  clip: { asked: '{who} 要求剪出片段 {from}–{to}', done: '片段 {from}–{to} 已剪出', failed: '片段未能剪出', cancelled: '{who} 取消剪出片段' },
  picture: { asked: '{who} 要求截取 {at} 的画面', done: '已截取 {name} {at} 的画面', failed: '画面未能截取', cancelled: '{who} 取消截取画面' },
  check: { asked: '{who} 要求核对录像文件', done: '录像文件核对完成：{whole} 个与台账一致', bad: '录像文件核对完成：发现 {bad} 处问题', failed: '录像文件未能核对', cancelled: '{who} 取消核对录像文件' },
  evidence: { asked: '{who} 要求制作含录像的取证包', done: '含录像的取证包制作完成', failed: '含录像的取证包未能完成', cancelled: '{who} 取消制作含录像的取证包' },
  handover: { asked: '{who} 要求制作移交包', done: '移交包制作完成', failed: '移交包未能完成', cancelled: '{who} 取消制作移交包' },
  other: { asked: '{who} 要求后台制作', done: '后台制作完成', failed: '后台制作未能完成', cancelled: '{who} 取消后台制作' },
  command: { 'job.ask': '后台制作', 'job.cancel': '取消后台制作' },
  entry: { 'job.asked': '要求制作', 'job.cancelled': '取消制作', 'job.done': '制作完成', 'job.failed': '制作失败' },
}
