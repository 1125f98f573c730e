/** Words about the chair at the station; they come with it. Chinese. */
export default {
  chair: '主席：{who}', changed: '主席现在是 {who}',
  paused: '会议暂停', pausedText: '现在谁也听不见、看不见，录像也停；继续时自动恢复', since: '从 {at} 起',
  door: '会议已锁定，请等候', doorText: '主席放行后自动入会，请不要离开。还没有人听见或看见您', waits: '已等 {time}',
  refused: '主席没有放行', refusedText: '本次不能入会；有急事请打电话',
}
