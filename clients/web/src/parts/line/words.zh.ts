/** Words of one's own line: the way it goes, which pictures it carries. They come with what shows them. */
export default {
  line: {
    title: '线路与画面',
    way: { direct: '直接连接', relay: '经中继连接：本网络不放行 UDP', unknown: '尚未连接' },
    take: { all: '全部画面', stage: '声音和主画面', none: '只要声音' },
    more: { all: '线路不够时自动减少，好转后自动恢复', stage: '本端摄像头只送小画面', none: '不收画面，本端也不送画面' },
    now: { stage: '只收声音和主画面', none: '只收声音，不收也不送画面' },
    byItself: '线路弱，已自动改为：{what}。好转后自动恢复',
    byHand: '您已选择：{what}',
    back: '恢复全部画面',
  },
}
