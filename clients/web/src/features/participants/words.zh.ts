/** Words of what the chair does to somebody: mute, remove; Chinese. */
export default {
  mute: { on: '静音', off: '取消静音', does: '静音选中的与会方' },
  figure: '到会',
  tab: '与会方',
  command: { 'participant.mute': '静音', 'participant.unmute': '取消静音', 'participant.mute_all': '全体静音', 'participant.unmute_all': '解除全体静音', 'participant.remove': '移出' },
}
