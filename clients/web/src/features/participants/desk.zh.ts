/** Words of participants that only desks show; Chinese. */
export default {
  muteAll: { on: '全体静音', off: '解除全体静音', does: '全体静音（主画面发言方除外）；再按解除' },
  remove: { key: '移出', title: '移出 {who}？', what: '对方将退出会议，不能自行返回。原因会记入台账。', reason: '原因（可不填）', confirm: '移出' },
  panel: { sum: '到会 {here} · 未到 {missing}', missingOnly: '只看未到' },
  sentence: { muted: '{by} 将 {who} 静音', unmuted: '{by} 允许 {who} 发言', allMuted: '{by} 将全体静音', allUnmuted: '{by} 解除全体静音', removed: '{by} 将 {who} 移出会议' },
  entry: { 'participant.muted': '静音', 'participant.unmuted': '取消静音', 'participant.all_muted': '全体静音', 'participant.all_unmuted': '解除全体静音', 'participant.removed': '移出' },
}
