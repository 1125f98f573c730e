/** Words of the pages of grids; Chinese. */
export default {
  label: '网格',
  list: {
    failed: '网格没有读到：{why}', again: '重读', reading: '正在读取…', none: '没有符合条件的网格', clear: '清除条件', more: '再看一些', choose: '选一个网格，看谁负责、谁走访和它的变更历史',
    empty: '这里还没有网格。先在村（社区）下新建网格，再分配网格长和网格员；网格员账号由系统管理员建立。',
  },
  search: '网格、网格员、村名或编码', unassigned: '未配人员', ended: '含已撤销', make: '新建网格',
  board: { label: '各中心的网格', up: '上一级', center: '中心', grids: '网格', unassigned: '未配', members: '人员', planned: '计划户', total: '合计' },
  kind: { basic: '基础网格', dedicated: '专属网格' },
  state: { active: '在用', ended: '已撤销' },
  nobody: '未配人员', more: '{name} 等 {count} 人', planned: '{count} 户',
  one: {
    now: '现在', back: '返回列表', code: '编码', village: '所属', leader: '网格长', members: '网格员', planned: '户数（计划）', since: '建立', ended: '撤销', none: '未配', gone: '账号已删除',
    into: '并入或拆成', change: '修改', assign: '分配人员', hand: '移交', split: '拆分', join: '合并', remove: '删除', phone: '人员与手机',
    history: '变更历史', kept: '只有本村及上级的领导、调度员可以修改',
  },
  step: { made: '建立', changed: '修改', assigned: '分配人员', handed: '移交', split: '拆分', joined: '合并', removed: '删除' },
  stepSays: { people: '网格长 {leader}；网格员 {members}', others: '涉及网格 {codes}', hub: '系统', nobody: '无' },
  form: {
    make: '新建网格', change: '修改网格', village: '所属村（社区）', pickVillage: '输入村名或拼音后选择', name: '名称', nameHint: '如：第一网格、沿河网格', kind: '类型', planned: '计划户数', hint: '一个网格以 30–50 户为宜',
    save: '保存', making: '正在保存…', cancel: '取消', made: '已新建 {name}', changed: '已保存 {name}', number: '编码（后三位，可空，自动顺排）',
  },
  people: {
    title: '分配人员 · {name}', leader: '网格长', noLeader: '暂不配网格长', members: '网格员（可多选）', save: '保存', grids: '现有 {count} 个网格', free: '空闲', disabled: '已停用', saved: '已分配 {name}',
    none: '本村还没有网格员账号。请系统管理员在“管理 › 账号”中建立角色为网格长、网格员的账号。', takes: '保存后立即生效：不再负责的人员马上看不到这个网格。',
  },
  hand: {
    title: '移交网格', from: '由谁移交', to: '移交给', which: '移交哪些网格', all: '全选', says: '移交后，{from} 看不到这些网格，{to} 马上接手；没走完的排查户、代办随网格一起移交。', go: '移交 {count} 个网格', done: '已移交 {count} 个网格给 {to}', pick: '请选择', undo: '撤销',
    fits: '{name} 不是网格长，不能接替网格长：先由系统管理员改角色',
  },
  split: {
    title: '拆分 · {name}', says: '每一户都会归到一个新网格；没有指定的户留在打勾“其余”的那一个。进行中的排查跟着住户走，不漏户、不重复。', part: '第 {number} 部分', keep: '沿用原网格（编码不变）', name: '名称', rest: '其余住户归这里', member: '网格员', planned: '户数',
    households: '住户', building: '{count} 户', add: '再加一部分', drop: '去掉', go: '拆成 {count} 个网格', done: '已拆成 {count} 个网格', noHomes: '还没有登记住户：拆分后再登记。', move: '整栋归到', stay: '其余', reading: '正在读取住户…', picked: '{count} 户',
  },
  join: { title: '合并网格', says: '选出与 {name} 合并的网格：住户和进行中的排查一起并入，原来的编码不再使用。', keep: '沿用编码', name: '合并后的名称', members: '网格员合在一起', go: '合并 {count} 个网格', done: '已合并为 {name}', none: '本村没有别的同类网格可以合并' },
  remove: { title: '删除 {name}？', says: ['只用于建错的网格。', '编码不会再用；历史记录保留。'], yes: '删除', no: '不删除', done: '已删除 {name}' },
  bring: {
    title: '网格', say: '网格由本村及上级的领导、调度员在“巡查 › 网格”维护。这里可用表格一次导入全部网格，名单里还没有账号的网格长、网格员一并建立账号。', list: '从表格导入网格',
    columns: '第一行是表头：村（名称、路径或编码）、网格、户数、网格长、网格员；可另有 网格编码、类型。几位网格员用顿号分开。CSV 或 XLSX，最多 2 万行，先看后导。',
    busy: { look: '正在读取文件…', take: '正在导入 {done} / {all}', undo: '正在撤回 {done} / {all}' }, preview: '新网格 {fresh}，换人 {changed}，不变 {same}，新账号 {people}，有误 {wrong}', fresh: '要新建的网格', changes: '要换人的网格', people: '要建立的账号', username: '账号', role: '角色',
    nothing: '没有要改的：表格里的网格都已是这样。', phones: '新账号没有密码：在村里用“绑定手机”的二维码登录，或在账号里给一次性密码。', apply: '导入', applyGood: '只导入无误的', done: '已导入：新网格 {grids}，换人 {changed}，新账号 {people}', undo: '撤回这次导入', keep: '不撤回', imports: '一天内的导入', importOf: '{time} 导入（{villages} 个村）：新网格还有 {grids} 个，换了人的还有 {changed} 个', undoPut: '{grids} 个网格的人员恢复为导入前的；之后又改过的不动。', undoGrids: '这次导入的 {grids} 个网格会撤掉。', undoPeople: '一起建立的账号保留，可在账号里删除。', undoLived: '已登记住户的网格撤不掉，请先并入别的网格。', undone: '已撤回：撤掉 {grids} 个网格，恢复 {put} 个网格的人员，删除 {people} 个账号。', undoneLeft: '另有 {left} 个网格之后又改过或已登记住户，没有动。',
  },
}
