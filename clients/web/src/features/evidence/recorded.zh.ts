/** Words of the evidence bundle with its recordings: fetched with its drawer; Chinese. */
export default {
  title: '含录像的取证包',
  text: '上面的内容加上全部原始录像，打成一个 ZIP，大小不限。在后台制作，可以离开本页；取走时记入审计。',
  none: '这次会议没有录像。',
  size: '{parts} 段录像，约 {size}（可用空间 {room}）',
  short: '{parts} 段录像约 {size}，空间不够（可用 {room}）：请管理员清理后再做，或逐段下载，与取证包放在一起核对（--recordings）。',
  press: '生成含录像的取证包',
  asking: '正在交办',
  until: '保留到 {time}，之后自动清除，可重新生成。',
  swept: '上一个包保留期已过，已自动清除。',
  problem: '没有读到制作进度，正在重试。',
}
