/** Words of the own sound, at the station and on desks; they come with it. Chinese. */
export default {
  listened: '{who} 正在监听您的声音', forced: '{who} 已强行插入本次通话', apart: '正与 {who} 单独通话，其他人听不到', listens: '正在监听 {who}，听不到会议声音', speakerOff: '扬声器已被主席关闭，您听不到会议声音', others: '单独通话中，暂时听不到：{who}',
  back: '返回会议', leave: '退出强插', stop: '停止监听',
  hold: '按住讲话', asking: '正在接通…', talking: '请讲话，松开结束', busy: '{who} 正在讲话，请按住等候', interrupted: '被上级打断，请松开再按', refused: '现在不能讲话', muted: '您已被主席静音，不能讲话', free: '对讲：没有人在讲话', now: '{who} 正在讲话', left: '还剩 {time}',
  unmute: '自行开麦', noUnmute: '本会议不能自行开麦，请申请发言', ask: '申请发言', mutedByChair: '您已被主席静音',
}
