/** Words of what the chair does to somebody: mute, remove; Chinese. */
export default {
  mute: { on: '静音', off: '取消静音', does: '静音选中的与会方' },
  remove: { key: '移出', title: '移出 {who}？', what: '对方将退出会议，不能自行返回。原因会记入台账。', reason: '原因（可不填）', confirm: '移出' },
  figure: '到会',
  tab: '与会方',
  panel: { sum: '到会 {here} · 未到 {missing}', missingOnly: '只看未到' },
  sentence: { muted: '{by} 将 {who} 静音', unmuted: '{by} 允许 {who} 发言', removed: '{by} 将 {who} 移出会议' },
  command: { 'participant.mute': '静音', 'participant.unmute': '取消静音', 'participant.remove': '移出' },
  entry: { 'participant.muted': '静音', 'participant.unmuted': '取消静音', 'participant.removed': '移出' },
}
