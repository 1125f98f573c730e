/** Words of who speaks, on the page of one meeting in the archive; Chinese. */
export default {
  lane: '谁在发言',
  partly: '发言 {listened}/{parts}',
  span: '{who} {from}–{to}',
  said: '说话内容（机器识别，可能有误）',
}
