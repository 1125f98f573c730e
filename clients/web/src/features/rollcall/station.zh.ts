/** Words of the roll call at the station; they come with it. Chinese. */
export default {
  called: '点名：轮到您了，请讲话', next: '下一个就点到您，请准备', waiting: '正在点名，还没轮到您', paused: '点名暂停',
  missed: '刚才点到您，没有应答，可以补答', answered: '已应答：{what}', normal: '一切正常', abnormal: '有情况', heard: '已由主席记为应答', skipped: '本次跳过了您', over: '点名结束',
  left: '还剩 {time}', say: '说明情况', send: '报告', cancel: '取消', needs: '请先写明情况', soft: '点名时只听见主席和被点到的中心',
}
