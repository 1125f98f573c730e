/** Words of one's own line that stations show at once; those of what is opened stand beside it (`parts/line`). */
export default {
  key: '线路',
  relay: '中继',
  relayed: '经中继连接：本网络不放行 UDP',
  stage: '只要声音：不显示画面',
}
