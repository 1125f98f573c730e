/** Words of reports that only desks show; Chinese. */
export default {
  room: '情况',
  lane: '报告',
  made: { incident: '登记为事件', quote: '由此报告：{center} {time} {text}' },
  minutes: { title: '情况报告', none: '没有情况报告' },
  figure: { all: '报告', abnormal: '其中有情况 {count}' },
  sentence: { normal: '{who} 报告：一切正常', abnormal: '{who} 报告有情况' },
  entry: { 'report.filed': '情况报告' },
}
