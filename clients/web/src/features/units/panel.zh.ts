/** Words of the strip and the sheet of units; they come with them. Chinese. */
export default {
  label: '级联',
  strip: {
    joined: '已加入 {level}会议', of: '{center} · {title}', speaks: '本会议由主席代表发言', recorded: '上级会议录像中：主席在上级的画面和发言被录下', called: '上级点名，点到本会议：请主席答复，现在上级只听主席', normal: '一切正常', muted: '上级已静音本会议：上级听不到，本会议仍能听到上级', rests: '上级会议暂停',
    invited: '{center}邀请本会议加入“{title}”', invitedBy: '{by} 邀请，{time}；加入后由主席代表本会议，各方可看到、听到上级', asked: '已申请加入“{title}”，等待{center}主席答复',
    asks: '{center}的会议“{title}”申请加入', asksBy: '{by} 申请，{time}；同意后由其主席代表发言', more: '还有 {count} 个', units: '下级会议 {count}', present: '{center} {present} 人',
    accept: '加入', admit: '同意', refuse: '不加入', deny: '不同意', withdraw: '撤回申请', leave: '退出级联', show: '查看',
  },
  level: { city: '市级', county: '县级', township: '乡镇级', village: '村级' },
  sheet: {
    title: '级联', help: '下级会议整体加入后，在上级会议中由其主席作为一方出席和发言；下级各方看到上级广播的画面，听到上级的发言。静音、广播、点名对其主席即对整个下级会议；暂停和全体横幅传到下级；任何一方结束，另一方照常继续。下级主席在上级会议中的画面和发言也录入上级会议的录像。',
    above: '上级会议', below: '下级会议', noneAbove: '没有可以加入的上级会议。上级的会议呼叫了本级，或邀请本会议之后，才能加入。', noneBelow: '下级现在没有进行中的会议。', reading: '正在读取……', failed: '没有读到会议：{why}', again: '重试', close: '关闭', asOf: '截至 {time}',
    ask: '申请加入', askOf: '申请加入 {center} {title}', invite: '邀请', inviteOf: '邀请 {center} {title}', withdraw: '撤回', part: '断开…', partOf: '断开 {center} {title}', leave: '退出级联…', accept: '加入', admit: '同意', deny: '不同意', refuse: '不加入',
    chair: '主席 {who}', joined: '{count} 人在会', present: '{present} 人在会，呼叫 {called} 个中心 · {time}', here: '其主席已单独在本会议中，须先离会', mineHere: '您已单独在该会议中，须先离会', other: '本会议已有上级，须先退出',
    state: { invited: '已邀请，等待答复', asked: '申请加入', joined: '已加入', mineInvited: '邀请本会议', mineAsked: '已申请，等待答复', mineJoined: '已加入' },
    full: '已有 {count} 个下级会议，不能再加',
  },
  part: { title: '断开和{center}会议的级联？', leaveTitle: '退出{center}的会议？', one: '双方从此刻起互不看见、互不听见', two: '两个会议都继续，各由各的主席主持', three: '再次级联须重新邀请或申请，由对方同意', confirm: '断开', leave: '退出', keep: '不断开', stay: '不退出' },
}
