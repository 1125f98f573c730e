/** Words of the recording; Chinese. */
export default {
  stop: { title: '停止录像？', lost: '从此刻起的画面和声音不再保存，也补不回来。', kept: '已录的部分保存在会议档案中，可以再开始。', confirm: '停止录像', keep: '继续录像' },
  key: { start: '开始录像', stop: '停止录像' },
  does: '开始或停止录像',
  command: { 'recording.start': '开始录像', 'recording.stop': '停止录像' },
}
