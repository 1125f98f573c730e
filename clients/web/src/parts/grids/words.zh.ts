/** Words of a center's grids on its card; Chinese. */
export default { count: '网格 {grids} · 人员 {members}', online: '手机在线 {count}', unassigned: '{count} 个未配人员', title: '{name} 的网格', nobody: '未配人员', leader: '网格长 {name}', planned: '{count} 户', all: '在“巡查 › 网格”中打开', reading: '正在读取…', failed: '没有读到：{why}', more: '这里只列前 {count} 个' }
