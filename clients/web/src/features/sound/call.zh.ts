/** Words of the sound of a meeting that only desks show; Chinese. */
export default {
  tab: '声音',
  does: { open: '打开声音', apart: '与选中的中心单独通话，再按返回', listen: '监听选中的与会方，再按停止' },
  state: {
    muted: '静音（主席）', mutedFast: '静音（主席）· 禁止自行开麦', speakerOff: '扬声器关', apart: '单独通话', listened: '监听中', listens: '正在监听', talking: '正在讲话', off: '静音（自己）',
  },
  how: {
    title: '怎样讲话', mode: '讲话方式', open: '自由发言', talk: '对讲（按住讲话）', atOnce: '同时讲话', people: '{count} 人',
    talkHelp: '按住讲话键的才听得见；上级打断下级，主席打断所有人；每次最长 60 秒。',
    openHelp: '没有被静音的都听得见。', selfUnmute: '允许自行开麦', selfUnmuteHelp: '不允许时，被静音的只能申请发言', joinsMuted: '新到会的先静音',
  },
  mute: { title: '静音', all: '全体静音', but: '除 {who} 外全体静音', none: '解除全体静音', one: '静音 {who}', oneOff: '允许 {who} 发言' },
  speaker: {
    title: '扬声器', help: '关了扬声器的中心听不到会议的任何声音。', off: '关 {who} 的扬声器', on: '开 {who} 的扬声器', ticked: '关勾选的 {count} 家', but: '除 {who} 外全关', all: '全部关闭', open: '全部打开', sum: '已关 {count} 家',
  },
  talk: { title: '正在讲话', nobody: '现在没有人按住讲话', cut: '强拆', left: '还剩 {time}' },
  apart: {
    title: '单独通话', help: '与一个中心单独说话：双方离开会议声音，其他人听不到，会看到提示；通话照常录像。', with: '与 {who} 单独通话', back: '返回会议', insert: '强插', leave: '退出强插', release: '强拆',
    between: '{by} 与 {who}', forced: '{who} 强插', none: '没有单独通话',
  },
  listen: { title: '监听', help: '只听一方的声音，被静音也听得到；对方会看到提示并听到提示音，记入台账。', begin: '监听 {who}', end: '停止监听', who: '{by} 监听 {who}', none: '没有人监听' },
  nobody: '先在画面、与会方或组织树中选中一方',
  people: { title: '声音状态', none: '大家都正常', more: '还有 {count} 方' },
  spoken: { talk: '{who} 开始讲话', listen: '{who} 正在监听您' },
  lane: '声音',
  sentence: {
    changed_open: '{by} 设定：自由发言；自行开麦 {self}；新到会的先静音 {join}', changed_talk: '{by} 设定：对讲，同时 {count} 人；自行开麦 {self}；新到会的先静音 {join}',
    speakerClosed: '{by} 关闭 {count} 家的扬声器：{who}', speakerOpened: '{by} 打开 {count} 家的扬声器：{who}',
    talkBegun: '{who} 按住讲话', talkCut: '{by} 强拆 {who} 的讲话', talkEnded: { released: '{who} 讲完松开', interrupted: '{who} 被上级打断', time: '{who} 讲话到时', muted: '{who} 被静音，讲话结束', roll_call: '开始点名，{who} 讲话结束', mode: '改为自由发言，{who} 讲话结束', apart: '{who} 转入单独通话', left: '{who} 离开，讲话结束' },
    apartBegun: '{by} 与 {who} 单独通话', apartJoined: '{who} 加入单独通话', apartForced: '{who} 强插单独通话', apartLeft: '{who} 退出单独通话',
    apartEnded: { back: '{by} 结束单独通话，返回会议', forced: '{by} 强拆单独通话', roll_call: '开始点名，单独通话结束', left: '一方离开，单独通话结束' },
    listenBegun: '{by} 开始监听 {who}', listenEnded: '{by} 停止监听 {who}',
  },
  entry: {
    'sound.changed': '改变讲话方式', 'speaker.closed': '关扬声器', 'speaker.opened': '开扬声器', 'talk.begun': '按住讲话', 'talk.ended': '讲话结束', 'talk.cut_off': '强拆讲话',
    'apart.begun': '单独通话', 'apart.joined': '加入单独通话', 'apart.left': '退出单独通话', 'apart.ended': '单独通话结束', 'listen.begun': '监听', 'listen.ended': '停止监听',
  },
  command: {
    'sound.set': '改变讲话方式', 'sound.unmute_self': '自行开麦', 'speaker.close': '关扬声器', 'speaker.open': '开扬声器', 'talk.press': '按住讲话', 'talk.release': '松开讲话键', 'talk.cut': '强拆讲话',
    'apart.begin': '单独通话', 'apart.end': '结束单独通话', 'apart.insert': '强插', 'apart.leave': '退出强插', 'apart.release': '强拆', 'listen.begin': '监听', 'listen.end': '停止监听',
  },
}
