/** Words of the station's rows; they come with them. Chinese. */
export default {
  key: '核查任务', closed: '名单“{title}”已提前收回，不用再核查。', read: '知道了', left: '未核查 {count}', clear: '已清零', queued: '{count} 条待上报', offline: '离线：结果存在本机，恢复后自动上报',
  close: '关闭', lists: '名单', due: '{at} 前完成', note: '要求', failed: '读不出来（{why}），会自动再读。', reading: '正在读取……', none: '现在没有要核查的名单。',
  gone: '个人信息将于 {at} 删除。只在核查时查看，不要拍照转发。',
  filter: { left: '未核查', done: '已核查', all: '全部' }, nothing: { left: '都核查完了。', done: '还没有核查结果。', all: '没有名单行。' },
  number: '第 {number} 行', same: '重复：{names}', elsewhere: '另在其他名单', more: '再看 {count} 行',
  normal: '已核查正常', abnormal: '异常', absent: '查无此人', moved: '已转移',
  state: { none: '未核查', normal: '已核查正常', abnormal: '异常', absent: '查无此人', moved: '已转移' },
  sent: '已上报', held: '将上报', waits: '待上报', undo: '撤销', change: '改结果', refused: '没有上报成功：{why}',
  trouble: { unreached: '联系不上', refuses: '拒不配合', ill: '伤病', danger: '有危险', wrong: '信息有误', other: '其他' },
  words: '说明（选填）', report: '上报异常', pickTrouble: '先选一类情况', where: '转移到哪里', outside: '本名单范围以外', search: '查中心名称', found: '选择中心', notFound: '没有找到', needLine: '查中心需要联网；也可以先报“范围以外”。', cancel: '取消', handed: '转给{name}',
}
