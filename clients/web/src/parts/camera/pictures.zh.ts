/** Words of pictures that the hub makes of cameras. */
export default {
  title: '抓拍', of: '抓拍：{center} {name} {time}', download: '下载', incident: '转事件', order: '就此下令', digest: '由指挥系统直接向摄像头取得，未经浏览器。SHA-256：{digest}',
}
