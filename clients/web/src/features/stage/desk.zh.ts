/** Words of stage that only desks show; Chinese. */
export default {
  lane: '主画面',
  sentence: { on: '{by} 广播 {who}', off: '{by} 取消广播' },
  entry: { 'stage.broadcast': '广播' },
}
