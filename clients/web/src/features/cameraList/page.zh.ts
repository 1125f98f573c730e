/** Words of the list of cameras and of its administration; Chinese. */
export default {
  label: '摄像头',
  list: {
    failed: '摄像头没有读到：{why}', again: '重读', reading: '正在读取…', none: '没有符合条件的摄像头', empty: '您的区域还没有摄像头。由系统管理员在“管理 › 摄像头”中逐个添加，或用表格一次导入。',
    clear: '清除条件', more: '再看一些', choose: '选一个摄像头，看它的状态、码流和共享情况',
  },
  search: '名称、拼音、编码、标签、所属（临湘 坦渡）',
  anyState: '全部状态', anyKind: '全部类型', anyTag: '全部标签', important: '只看重点', failing: '异常',
  state: { unknown: '未检测', ok: '在线', away: '离线', refused: '账号不对', silent: '无画面', unplayable: '无法播放' },
  kinds: { fixed: '枪机', ptz: '球机', dome: '半球', panorama: '全景', mobile: '布控球', other: '其他' },
  board: {
    label: '各中心的摄像头', count: '摄像头 {cameras}', ok: '在线 {count}', away: '异常 {count}', unknown: '未检测 {count}', own: '本级 {count}', up: '上一级', shared: '共享给本中心 {count}', back: '回到本中心全部',
  },
  one: {
    back: '返回列表', gone: '没有这个摄像头，或您无权查看', watch: '看画面', center: '所属', place: '安装位置', code: '编码', kind: '类型', tags: '标签', state: '状态', since: '{time} 起', checked: '{time} 检测', never: '还没有检测过',
    main: '主码流', sub: '子码流', noFacts: '检测后显示编码与分辨率', sound: '声音', soundYes: '可以收听', point: '坐标', important: '重点摄像头', hidden: '已停用：任何人都不能观看', ptz: '云台', ptzYes: '可以转动', presets: '预置位',
    fps: '{count} 帧/秒', mbps: '{count} Mbit/s', from: '由 {name} 共享',
  },
  reason: {
    timeout: '应答超时', unreachable: '没有应答', credentials: '账号或密码不对', forbidden: '账号没有取流权限', no_stream: '没有这一路画面', codec_h265: '编码为 H.265，浏览器不支持，观看时转码', b_pictures: '编码含 B 帧，浏览器不支持，观看时转码', profile: '编码档次浏览器不支持，观看时转码', silent: '连上后没有送来画面', not_allowed: '地址不在允许的网段内', no_video: '没有送画面的通道', busy: '连接已满', malformed: '应答无法识别', closed: '断开了连接', refused: '拒绝了请求',
  },
  share: {
    label: '共享', none: '只有本中心和上级可以看', hint: '共享后，对方中心的人员可以观看（不能转动、修改）。取消后立即看不到。', add: '共享给…', find: '中心名称、拼音', take: '取消共享', done: '已共享给 {name}', taken: '已取消对 {name} 的共享', undo: '撤销', noHit: '没有找到这样的中心',
  },
  keep: { key: '修改名称、标签、位置', title: '修改', save: '保存', cancel: '取消', saved: '已保存', name: '名称', tags: '标签（用空格分开）', place: '安装位置' },
  manage: {
    title: '摄像头', say: '地址、账号和密码加密保存，任何页面、日志和导出中都不会出现密码。', add: '添加', search: '查找设备', bring: '从表格导入', export: '导出 {kind}', total: '共 {count} 个', empty: '还没有摄像头。添加一个、查找网络上的设备，或从表格导入全部点位（CSV、XLSX，最多 30 万行）。',
    none: '没有符合条件的摄像头', more: '再看一些', choose: '选一个摄像头修改', networks: '没有设置摄像头网段（HUB_CAMERA_NETWORKS）时任何地址都不能添加。',
    isNew: '添加摄像头', change: '修改摄像头', name: '名称', center: '所属中心', code: '编码（国标或自编，可空）', kind: '类型', tags: '标签（用空格分开）', place: '安装位置', main: '主码流地址', sub: '子码流地址（可空，多画面时更省带宽）', onvif: 'ONVIF 地址（可空，用于转动）',
    user: '账号', password: '密码', kept: '已保存，不显示；填写即替换', addressHint: 'rtsp://主机:端口/路径，地址里写着账号密码也可以，会自动取出加密', sound: '可以收听声音', important: '重点', shown: '在用', test: '测试连接', testing: '正在连接摄像头…', save: '保存', make: '添加', cancel: '取消',
    remove: '删除', removeAsk: '删除“{name}”？它的状态、共享都会删除，已有的截图和记录保留。', removeYes: '确定删除', made: '已添加 {name}', saved: '已保存 {name}', removed: '已删除 {name}', find: '名称、拼音、编码、中心', pickCenter: '输入中心名称或拼音后选择',
    tested: { ok: '连接正常，有画面', away: '连不上：没有应答', refused: '连上了，但账号或密码不对', silent: '连上了，但没有画面', unplayable: '有画面，但浏览器不能播放', unknown: '没有结果' },
    imports: '最近导入', importOf: '{time} {name} 导入 {count} 个（{centers} 个中心）', undo: '撤回整批', undoAsk: '撤回这次导入的 {count} 个摄像头？', undone: '已撤回 {count} 个摄像头', until: '{time} 前可撤回',
  },
  bring: {
    title: '从表格导入摄像头', back: '返回', drop: '把表格拖到这里，或', pick: '选择文件', other: '换一个文件', limits: 'CSV（UTF-8、GB18030）或 XLSX，第一行是表头，最多 30 万行；密码列不会显示，导入后加密保存', sending: '正在读取文件…', rows: '{count} 行', columns: '各列是什么', columnsHint: '已按表头猜好，请核对。所属中心可以是编码、名称或多列路径。',
    role: {
      center: '所属中心', name: '名称', code: '编码', kind: '类型', tags: '标签', place: '安装位置', lat: '纬度', lon: '经度', main: '主码流地址', sub: '子码流地址', onvif: 'ONVIF 地址', ip: 'IP 地址', port: '端口', channel: '通道号', vendor: '厂商', user: '账号', password: '密码', important: '重点', out: '不导入',
    },
    column: '{letter} 列', matching: '正在核对…', found: '可导入 {count} 个，分属 {centers} 个中心', known: '{count} 个已在目录中（编码或地址相同），保持不变', wrong: '{count} 行不能用', wrongRow: '第 {row} 行 {column}：{why}', unsure: '{count} 行的所属中心不能确定', unsureHint: '请逐个指定，或不导入这些行。', leaveOut: '不导入这 {count} 行', times: '{count} 行（第 {rows} 行…）', pickCenter: '指定中心…', skip: '不导入', first: '导入后的样子（前几行）', password: '有密码', noPassword: '无密码',
    why: { several: '重名', unknown: '没有这个中心', none: '没有写' },
    wrongWhy: {
      name: '没有名称或超过 100 字', code: '编码含有不允许的字符', kind: '不认识的类型', yes_or_no: '应写 是 或 否', tags: '标签太多或太长', too_long: '太长', degrees: '不是经纬度', no_address: '没有取流地址', vendor: '只有 IP 时要写厂商（海康、大华、宇视）', network: '地址不在允许的网段内', twice: '与前面的行重复', address_scheme: '地址应以 rtsp:// 开头', address_host: '地址里没有主机', address_port: '端口不对', address_long: '地址太长', address_characters: '地址里有空格等字符', cells: '列数不对', control: '有控制字符', digits: '数字丢了位数，请把该列设为文本',
    },
    load: '导入 {count} 个', loading: '已写入 {done} / {of}', loadingStart: '正在核对…', loaded: '已导入 {count} 个摄像头', to: '去看',
    problem: { columns: '要有一列名称、一列主码流地址（或 IP 与厂商），每种最多一列', center: '没有所属中心的列时，请指定这些摄像头属于哪个中心', nothing: '没有可导入的行', unsure: '有的行不能确定中心：请指定，或勾选不导入', known: '这些摄像头都已在目录中' },
    whole: '整个文件属于',
  },
  refused: { main: '主码流地址不能用：{why}', sub: '子码流地址不能用：{why}', onvif: 'ONVIF 地址不能用：{why}', code: '编码已被另一个摄像头使用，或含有不允许的字符', center: '没有这个中心', network: '地址不在允许的网段内（HUB_CAMERA_NETWORKS）', taken: '这个地址已是另一个摄像头', form: '格式应为 rtsp://主机:端口/路径' },
}
