/** Words of what all see: the broadcast; Chinese. */
export default {
  key: { on: '广播', off: '停止广播', stop: '停止广播' },
  own: { on: '广播本席', off: '停止广播本席', needs: '先打开摄像头或麦克风' },
  does: '广播选中的与会方',
  command: { 'stage.broadcast': '广播' },
}
