/** Words of a list's rows in grids; they come with that part of its page. Chinese. */
export default {
  title: '分到网格', close: '关闭', given: '已分到网格 {given} / {rows} 行', left: '未核查 {count}', noGrids: '这里的村还没有网格：先在“巡查 · 网格”里建网格，名单行才能分到人。',
  hint: '按证件号、电话在本村的登记里找到住户，行就分到他所在网格的网格员；姓名近似的由人确认，没找到的仍由村核查。',
  search: '查找所在网格', again: '再找没找到的', share: '分给网格员（{count} 行）', stop: '停止',
  searching: '正在查找：{done} / {rows} 行', sharing: '正在分发：{done} / {rows} 个村', stopped: '已停止，查到 {done} 行', failed: '没有完成：{why}', found: '{name} {at} 查找',
  ways: { number: '按证件号', phone: '按电话', building: '按住址楼栋', person: '人工确认', hand: '人工指定', candidates: '待确认', none: '未找到', back: '村里自查' },
  confirm: { title: '把 {count} 行分给网格员？', people: '所在网格的网格员立即在手机上看到这些行的明文', left: '没找到的、待确认的仍由村核查', back: '分错的可以逐行收回', does: '分下去', keep: '先不分' },
  grid: '网格', people: '网格员（已核查）', own: '村里自查', total: '总数', rest: '未核查', done: '已核查', abnormal: '异常', nobody: '没有网格员', leads: '网格长', rowsOf: '查看行',
  unanswered: '{count} 行分在没有网格员的网格，没有人会核查：请先配网格员，或收回由村自查。', takeBack: '收回 {count} 行',
  backSure: { title: '收回“{name}”未核查的 {count} 行？', own: '这些行由村里自查', again: '以后可以再分给网格', does: '收回', keep: '先不收回' },
  candidates: {
    title: '{name}：待确认的行', hint: '左边是名单行，右边是登记里可能的人。个人信息按权限遮盖。', row: '名单第 {number} 行', him: '就是他 → {grid}', nobody: '都不是，村里自查', none: '没有待确认的行。', more: '看下面的', reading: '正在读取……', score: '相像 {score}', gone: '可能的人已不在登记里。',
    why: { number: '证件号相同', phone: '电话相同', name: '姓名近似', birth: '生日相同', building: '同一楼栋' }, born: '{year} 年生', decided: '已定',
  },
}
