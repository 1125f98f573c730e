/** What a station's commands about duty are called; its other words come with what shows them. Chinese. */
export default {
  command: { 'duty.take': '接班', 'duty.hand_over': '交班' },
}
