/** Words of cameras in a meeting that only a meeting's own pages show; Chinese. */
export default {
  key: '摄像头…',
  keyCount: '摄像头 {count}',
  does: '摄像头：把村口、河堤、路口的画面接进会议',
  look: '看摄像头',
  out: '移出摄像头',
  figure: '摄像头',
  sentence: { brought: '{by} 接入摄像头 {camera}', parted: '{by} 移出摄像头 {camera}' },
  command: { 'camera.bring': '接入摄像头', 'camera.part': '移出摄像头' },
  entry: { 'camera.brought': '接入摄像头', 'camera.parted': '移出摄像头' },
}
