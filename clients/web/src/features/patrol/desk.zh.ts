/** Words of patrols that stand in the frame; what their pages show is fetched with them; Chinese. */
export default {
  room: '巡查',
  missed: '今日漏巡',
  command: { 'patrol.keep': '保存巡查路线', 'patrol.withdraw': '撤销巡查路线', 'patrol.open': '发起巡查', 'patrol.take': '开始巡查', 'patrol.check': '巡查打卡', 'patrol.interrupt': '中断巡查', 'patrol.end': '结束巡查' },
}
