/** Words of the frame around all rooms. */
export default {
  rooms: { label: '房间', overview: '总览', command: '指挥', archive: '档案', station: '站点', admin: '管理', account: '账号' },
  bar: {
    search: '查找',
    searchHint: '查找中心、会议、动作（Ctrl K）',
    theme: { label: '底色', auto: '随房间', light: '浅色', dark: '深色' },
  },
  pill: { go: '回到会议', running: '正在开会', over: '会议已结束', picture: '会议画面', hide: '收起画面' },
  palette: {
    title: '查找',
    placeholder: '中心（汉字、拼音、首字母、代码）、会议、动作',
    none: '没有找到“{text}”。可以试试拼音首字母，或者上级的名称加空格，例如：临湘 坦渡',
    keys: '↑↓ 选择 · Enter 打开 · Esc 关闭',
    some: '另外有几处暂时查不了',
    kind: { room: '房间', center: '中心', meeting: '会议', action: '动作' },
    action: { theme: '底色：{word}', help: '帮助', account: '我的账号', signOut: '退出登录' },
  },
  selection: {
    title: '对象：{name}',
    clear: '取消选择',
    cameras: '看摄像头',
    camerasTitle: '看 {name} 的摄像头，不呼叫任何人',
    verb: { look: '看', call: '呼', broadcast: '播', order: '令', remove: '移' },
    title_verb: { look: '选看：只在本席主画面', call: '呼叫到会', broadcast: '广播：全体都看', order: '下达指令', remove: '移出会议' },
  },
  help: { keys: { search: '查找中心、会议、动作' } },
  nothing: '此地址没有内容',
}
