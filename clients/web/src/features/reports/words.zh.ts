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
    queued: '待发送（没有连接）',
    soon: '{seconds} 秒后报出',
    held: '还没有报出，可以撤回。离开本页即报出。',
    back: '撤回',
  },
  tab: '情况',
  command: { 'report.file': '报告' },
}
