/** Words of banner and ticker that only desks show; Chinese. */
export default {
  key: '横幅…',
  does: '横幅和滚动字幕',
  sheet: {
    title: '横幅和滚动字幕', kind: '形式', banner: '横幅（停留）', ticker: '滚动字幕', text: '文字', left: '还可写 {count} 字', style: '样式', notice: '通知', warning: '警示',
    times: '滚动', always: '直到撤下', count: '{count} 遍', show: '显示', replace: '替换正在显示的', close: '关闭', now: '正在显示', none: '现在没有显示横幅或字幕',
    all: '全体', some: '{count} 个中心', since: '{at} {by} 起', until: '到 {at}', remove: '撤下', which: { banner: '横幅', ticker: '滚动字幕' },
    help: '显示在各站点和席位的画面下沿，不遮挡画面；同一形式一次一条，新的替换旧的。',
  },
  lane: '横幅',
  sentence: {
    banner: { all: '{by} 向全体显示横幅', some: '{by} 向 {count} 个中心显示横幅', taken_off: '{by} 撤下横幅', replaced: '{by} 换下横幅', over: '横幅到时撤下', ended: '会议结束，横幅撤下' },
    ticker: { all: '{by} 向全体显示滚动字幕', some: '{by} 向 {count} 个中心显示滚动字幕', taken_off: '{by} 撤下滚动字幕', replaced: '{by} 换下滚动字幕', over: '滚动字幕播完', ended: '会议结束，滚动字幕撤下' },
  },
  minutes: {
    title: '横幅和字幕', none: '本次会议没有横幅或字幕', failed: '没有读到横幅记录', again: '重试', reading: '正在读取……', all: '全体', some: '{count} 个中心', until: '{from} 至 {to}', still: '{from} 起',
    one: { banner: '{time}，{by} 向{whom}显示横幅', ticker: '{time}，{by} 向{whom}显示滚动字幕' },
  },
  command: { 'banner.show': '显示横幅', 'banner.remove': '撤下横幅' },
  entry: { 'banner.shown': '显示横幅', 'banner.removed': '撤下横幅' },
}
