/** Words of participants that only desks show; Chinese. */
export default {
  muteAll: { on: '全体静音', off: '解除全体静音', does: '全体静音（主画面发言方除外）；再按解除' },
  remove: { key: '移出', title: '移出 {who}？', what: '对方将退出会议，再呼之前不能返回。原因会记入台账。', reason: '原因（可不填）', confirm: '移出' },
  figureMore: '到会中心 {here}/{all} · {people} 人',
  panel: {
    sum: '到会中心 {here}/{all}', people: '{count} 人', missingOnly: '只看未到', again: '再呼', againOf: '再呼 {who}', calling: '正在呼叫……',
    absent: '全部再呼未到 {count}', further: '追加呼叫所选 {count}', furtherHint: '在左侧勾选要追加的中心', level: { county: '追加全部县区', township: '追加全部乡镇' },
    times: '已呼 {count} 次', since: '{time} 起', nobody: '没有未到的中心', full: '全部到会，用时 {time}', select: '选中 {who}',
  },
  sentence: { muted: '{by} 将 {who} 静音', unmuted: '{by} 允许 {who} 发言', allMuted: '{by} 将全体静音', allUnmuted: '{by} 解除全体静音', removed: '{by} 将 {who} 移出会议' },
  entry: { 'participant.muted': '静音', 'participant.unmuted': '取消静音', 'participant.all_muted': '全体静音', 'participant.all_unmuted': '解除全体静音', 'participant.removed': '移出' },
}
