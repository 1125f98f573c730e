/** Words of the pages of plans; they come with them. Chinese. */
export default {
  title: '预案',
  lead: '把一类事件要召集谁、谁主持、显示什么、下哪些指令、布置哪些任务事先写好，到时一键启动。',
  new: '新建预案', back: '返回会议', reading: '正在读取预案……', failed: '预案读不出来（{why}）。会自动再试。',
  none: '还没有预案。先写一个：例如“山洪”，召集沿河各村，显示红色预警，下达转移指令。',
  choose: '在左边选一个预案', gone: '这个预案已被删除',
  list: { called: '召集 {count} 个中心', orders: '指令 {count}', tasks: '任务 {count}', saved: '{name} 保存于 {time}' },
  event: '事件类型', noEvent: '未分类',
  section: { name: '名称', who: '召集谁', meeting: '会议', roles: '谁主持', banner: '横幅', orders: '指令', tasks: '例行任务' },
  detail: {
    start: '启动预案', change: '修改', remove: '删除', copy: '另存一份', calls: '{names} 等 {count} 个中心', callsFew: '{names}', nobody: '现在没有可召集的中心',
    group: '常用组：{name}', lostGroup: '一个已删除的常用组', record: '开会即录像', noRecord: '不录像', chair: '启动人为主席', backup: '备用主席：{who}', co: '联席主席：{who}', noRoles: '不指定备用主席、联席主席',
    noBanner: '不显示横幅', noOrders: '没有指令', noTasks: '没有例行任务', to: '给：{whom}', due: '限 {span}内', noDue: '不限期', whom: '全部被召集的中心', some: '{count} 个中心',
    removeTitle: '删除预案“{name}”？', removeSays: '本级的人都不能再用它；已经开过的会议不受影响。', removeDo: '删除',
  },
  span: { minutes: '{count} 分钟', hours: '{count} 小时', days: '{count} 天' },
  priority: { normal: '一般', urgent: '紧急', critical: '特急' },
  style: { notice: '通知', warning: '警示' },
  form: {
    make: '新建预案', change: '修改预案', name: '预案名称', nameHint: '例如：山洪防御', event: '事件类型', eventHint: '例如：山洪、森林火险、危化品泄漏', meeting: '会议名称', kind: '会议类型', record: '开会即录像',
    groups: '常用组（启动时按组里当时的成员）', backup: '备用主席', co: '联席主席', pick: '按姓名或中心查找', add: '加上', nobodyYet: '未指定', banner: '开会即显示横幅', bannerText: '横幅文字', style: '样式',
    order: '第 {n} 条指令', text: '内容', priority: '紧急程度', due: '下达后多久内办结', noDue: '不限期', whom: '给谁', named: '指定中心', namedFind: '查找被召集的中心', addOrder: '加一条指令', up: '上移', down: '下移', drop: '去掉',
    task: '第 {n} 项任务', taskTitle: '要报什么', taskText: '说明', taskDue: '下达后多久内报', addTask: '加一项任务',
    save: '保存预案', saving: '正在保存……', stale: '这个预案在您修改期间被 {who} 保存过。请先看新的，再改。', look: '看新的', leaveTitle: '还没有保存', unsaved: '填写的内容还没有保存。离开会丢掉。', stay: '继续填写', leave: '不保存离开',
  },
  problem: { name: '请写预案名称（最多 30 字）', title: '请写会议名称', who: '请至少选一个中心或常用组', banner: '请写横幅文字（最多 57 字），或不显示横幅', order: '请写指令内容', task: '请写要报什么', whom: '请至少指定一个中心', some: '还有 {count} 处要填' },
  start: {
    title: '启动预案“{name}”', mode: '这次是', real: '实战', drill: '演练', realSays: '按真实情况处置，计入统计。', drillSays: '到处标明“演练”，不计入统计；横幅和任务前加“演练：”。', choose: '请先选实战或演练',
    calls: '召集 {count} 个中心：{names}', callsFew: '召集 {names}', nobody: '现在没有可召集的中心，不能启动', rings: '这些中心的站点立即振铃，您是主席', record: '会议录像', noRecord: '会议不录像', roles: '指定主持', banner: '显示横幅', orders: '下达 {count} 条指令', tasks: '布置 {count} 项例行任务',
    busy: '其中 {count} 个正在会议“{title}”中', leaves: '您会离开“{title}”；它继续开，可再进入', what: '会做这些，可去掉不要的',
    doReal: '启动（实战），召集 {count} 个中心', doDrill: '开始演练，召集 {count} 个中心', doing: '正在启动……',
  },
}
