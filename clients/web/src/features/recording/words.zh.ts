/** Words of the recording; Chinese. */
export default {
  stop: { title: '停止录像？', lost: '从此刻起的画面和声音不再保存，也补不回来。', kept: '已录的部分保存在会议档案中，可以再开始。', confirm: '停止录像', keep: '继续录像' },
  key: { start: '开始录像', stop: '停止录像' },
  does: '开始或停止录像',
  lane: '录像',
  ending: { running: '录像停止，并保存在会议档案中。', stopped: '当前没有录像，已录的部分保存在会议档案中。' },
  parts: '录像分段',
  sentence: { started: '开始录像', stopped: '停止录像', part_opened: '{who} 开始录像', part_closed: '一段录像完成，长 {seconds} 秒' },
  command: { 'recording.start': '开始录像', 'recording.stop': '停止录像' },
  entry: {
    'recording.started': '开始录像',
    'recording.stopped': '停止录像',
    'recording.part_opened': '录像分段开始',
    'recording.part_closed': '录像分段结束',
  },
}
