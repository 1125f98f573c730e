/** Words of the wall of cameras and of one camera's page; they come with them. */
export default {
  title: '视频墙',
  tree: {
    title: '各中心的摄像头', search: '搜索摄像头、地点、编号', found: '{count} 个', nothing: '没有找到摄像头', failed: '读取失败：{why}', reading: '正在读取摄像头……', how: '双击或按回车上墙，也可拖到格子里',
    shared: '共享给本中心', put: '上墙', putOne: '{name} 上墙', up: '在墙上', all: '全部上墙', allOf: '{name} 的摄像头全部上墙', away: '{count} 离线', fold: '摄像头列表',
  },
  facts: { unknown: '未检测', ok: '在线', away: '离线', refused: '账号不对', silent: '无画面', unplayable: '无法播放' },
  grid: { label: '格数', of: '{count} 格', hint: '{count} 格（按 {key}）' },
  cell: { label: '第 {at} 格：{what}', empty: '空', drop: '把摄像头拖到这里', enlarge: '放大', down: '移除', downOf: '把 {name} 从墙上移除', picture: '抓拍', taking: '抓拍中……', open: '详情', turn: '云台', tour: '轮巡', tourOf: '{name} 这一格轮巡', left: '{count} 秒', held: '已暂停', hold: '暂停各格轮巡（空格）', goOn: '继续各格轮巡（空格）', turnOf: '转动 {name}', openOf: '打开 {name} 的页面', undo: '撤销', gone: '已移除 {name}' },
  own: { title: '这一格轮巡', how: '在摄像头列表里双击（手机上点“上墙”），或拖到这一格，依次轮流显示。', dwell: '每个停留', leave: '移出', leaveOf: '把 {name} 移出这一格', close: '完成' },
  big: { back: '返回 Esc', label: '{name}，放大' },
  tour: { start: '轮巡', dwell: '每屏停留', seconds: '{count} 秒', off: '不轮巡', pause: '暂停', go: '继续', next: '下一屏', before: '上一屏', standing: '第 {page}/{pages} 屏', left: '{count} 秒后切换', paused: '已暂停', few: '一屏已放下，无需轮巡' },
  keys: { full: '全屏', leaveFull: '退出全屏', clear: '清空', help: '按键', cleared: '已清空视频墙' },
  help: { title: '视频墙的按键', rows: { grid: '1、4、9、16、25 格', arrows: '选格子', enter: '放大', tour: '选中的格子轮巡几个摄像头', esc: '返回', space: '轮巡暂停、继续', next: '轮巡下一屏', snapshot: '抓拍选中的画面', turn: '转动选中的摄像头，再按收起', listen: '听选中摄像头的声音、关声音', remove: '从墙上移除', full: '全屏', search: '找摄像头' }, shown: { grid: '1 4 9 6 5', arrows: '← ↑ ↓ →', enter: '回车', tour: 'T', esc: 'Esc', space: '空格', next: 'N', snapshot: 'S', turn: 'P', listen: 'M', remove: 'Delete', full: 'F', search: '/' } },
  empty: {
    title: '墙上还没有摄像头', how: '在摄像头列表里双击一个（手机上点“上墙”），或把它拖到格子里；按回车也可以。', first: '放上前 {count} 个', kept: '打开保存的墙', none: '您管辖的范围内还没有摄像头', noneHow: '摄像头由系统管理员登记或导入，登记后会出现在左边。',
  },
  walls: {
    key: '保存的墙', none: '还没有保存的墙', reading: '正在读取……', failed: '读取失败：{why}', own: '我的', center: '本中心', pictures: '{count} 格', tours: '轮巡 {count} 个，每屏 {seconds} 秒', cameras: '{count} 个摄像头', name: '墙的名称', scope: '归谁', save: '保存', replace: '覆盖同名', changed: '已改动', remove: '删除', removeOne: '删除 {name}', sure: '删除墙“{name}”？', consequence: '名称与布置不再保留，摄像头不受影响', ownConsequence: '本中心的人都不能再打开它', keep: '不删', saved: '已保存“{name}”', gone: '这面墙已不存在', unnamed: '未保存',
  },
  line: { away: '与指挥系统的线路中断，正在自动重连', refused: '不能看摄像头：{why}。会自动再试', taken: '您在另一个页面看摄像头，这里已暂停', here: '在这里看', rests: '页面久未查看，已停止取画面' },
  pictured: { saved: '已抓拍 {name}', digest: '摘要 {digest}', failed: '{name} 抓拍失败：{why}', all: '查看抓拍', title: '{name} 的抓拍', none: '还没有抓拍', failedRead: '读取失败：{why}' },
  one: {
    back: '视频墙', gone: '没有这个摄像头，或您无权查看', reading: '正在读取……', failed: '读取失败：{why}', facts: '基本情况', center: '所属', place: '位置', code: '编号', kind: '类型', tags: '标签', state: '状态', since: '自 {time}', checked: '最近检查 {time}', streams: '码流', main: '主码流', sub: '子码流', fps: '{count} 帧/秒', mbps: '{count} Mbit/s', sound: '声音', hasSound: '有',
    kinds: { fixed: '枪机', ptz: '球机', dome: '半球', panorama: '全景', mobile: '布控球', other: '其他' },
    watching: '正在观看', hears: '正在听声音', heard: '听了 {time}', nobody: '只有您在看', me: '（我）', lately: '最近观看', latelyNone: '近期没有别人看过', latelyHint: '按您的权限显示', more: '更早的', pictures: '抓拍', picturesNone: '还没有抓拍。抓拍由指挥系统直接向摄像头取得，以摘要留证。', take: '抓拍', record: '档案', wall: '上墙', call: '看 {center}',
  },
}
