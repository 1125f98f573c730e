/** Words of what the line of each was like, on the page of one meeting in the archive; Chinese. */
export default {
  lane: '线路',
  lost: '{name} 丢包，画面或声音不全 {from}–{to}',
  silent: '{name} 画面和声音都没有到 {from}–{to}',
  again: '{name} 断线重连 {from}–{to}',
  many: '{lost}/{of} 方同时掉线 {from}–{to}',
}
