/** Words of recording that only desks show; Chinese. */
export default {
  lane: '录像',
  ending: { running: '录像停止，并保存在会议档案中。', stopped: '当前没有录像，已录的部分保存在会议档案中。' },
  parts: '录像分段',
  sentence: { started: '开始录像', stopped: '停止录像', refused: '录像盘空间不足，未开始录像', part_opened: '{who} 开始录像', part_closed: '一段录像完成，长 {seconds} 秒' },
  entry: {
    'recording.started': '开始录像',
    'recording.stopped': '停止录像',
    'recording.refused': '录像未能开始',
    'recording.part_opened': '录像分段开始',
    'recording.part_closed': '录像分段结束',
  },
}
