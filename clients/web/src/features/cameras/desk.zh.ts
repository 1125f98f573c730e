/** 巡查 in the rail, and what commands and entries of walls are called. */
export default {
  room: '巡查',
  command: { 'wall.save': '保存视频墙', 'wall.remove': '删除视频墙' },
  entry: { 'wall.saved': '保存视频墙', 'wall.removed': '删除视频墙', 'camera.pictured': '摄像头抓拍' },
}
