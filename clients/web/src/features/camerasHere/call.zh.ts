/** Words of cameras in a meeting that only a meeting's own pages show; Chinese. */
export default {
  key: '摄像头…',
  keyCount: '摄像头 {count}',
  does: '摄像头：把村口、河堤、路口的画面接进会议',
  look: '看摄像头',
  out: '移出摄像头',
  figure: '摄像头',
  picture: { away: '摄像头 · 重连中', dark: '摄像头 · 无画面' },
  why: {
    away: '摄像头断开，正在自动重连',
    refused: '摄像头拒绝登录，请管理员核对账号密码',
    quota: '浏览器不支持此编码，转码名额已满，有空位时自动播放',
    transcode_failed: '转码中断，正在重试',
    unplayable: '摄像头的编码浏览器不支持',
  },
  sentence: { brought: '{by} 接入摄像头 {camera}', parted: '{by} 移出摄像头 {camera}' },
  command: { 'camera.bring': '接入摄像头', 'camera.part': '移出摄像头' },
  entry: { 'camera.brought': '接入摄像头', 'camera.parted': '移出摄像头' },
}
