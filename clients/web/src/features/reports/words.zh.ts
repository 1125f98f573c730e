/** Words of reports: all is well, or something is wrong; Chinese. */
export default {
  situation: { normal: '一切正常', abnormal: '有情况' },
  panel: { sum: '有情况 {abnormal} · 一切正常 {normal}', order: '就此下达指令', none: '还没有情况报告' },
  station: {
    normal: '一切正常',
    abnormal: '有情况',
    report: '报告',
    sending: '正在报告……',
    done: '已报告',
    title: '报告情况',
    label: '请说明情况',
    send: '报告情况',
    need: '请先写下情况，或选一句话',
    phrases: {
      people: '有外来人员，需要协助核查。',
      sick: '有人发热，需要医务人员。',
      traffic: '车辆拥堵，人手不足。',
      supplies: '物资不足，请求补充。',
      water: '水位上涨，请求支援。',
      fire: '发现火情，请求支援。',
    },
  },
  tab: '情况',
  command: { 'report.file': '报告' },
}
