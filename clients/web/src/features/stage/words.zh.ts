/** Words of what all see: the broadcast; Chinese. */
export default {
  key: { on: '广播', off: '停止广播', stop: '停止广播' },
  own: { on: '广播本席', off: '停止广播本席', needs: '先打开摄像头或麦克风' },
  cell: { empty: '等待有人', noPicture: '没有画面', ownOff: '您的摄像头没有打开', self: '大屏登录的账号自己，不在这里显示' },
  shared: { all: '全体可见（双流）', asked: '只有点看的人可见' },
  does: '广播选中的与会方',
  command: { 'stage.broadcast': '广播', 'stage.view': '选看', 'stage.layout': '设置多画面', 'stage.lock': '锁定画面', 'stage.follow_voice': '声控', 'stage.share': '共享屏幕', 'stage.unshare': '结束双流', 'stage.screen': '设置大屏', 'layout.save': '保存布局', 'layout.remove': '删除布局' },
}
