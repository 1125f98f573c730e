/** Names of entries about patrols; Chinese. */
export default {
  entry: { 'patrol.kept': '保存巡查路线', 'patrol.withdrawn': '撤销巡查路线', 'patrol.timed': '排定下一次巡查', 'patrol.untimed': '取消下一次巡查', 'patrol.opened': '巡查开始', 'patrol.taken': '接手巡查', 'patrol.interrupted': '中断巡查', 'patrol.seen': '画面已看到', 'patrol.checked': '点位已巡', 'patrol.fell_due': '巡查逾期', 'patrol.ended': '巡查结束' },
}
