/** Words of grids that stand in the frame; what their pages show is fetched with them; Chinese. */
export default {
  room: '网格',
  admin: '网格',
  command: { 'grid.make': '新建网格', 'grid.change': '修改网格', 'grid.assign': '分配网格人员', 'grid.hand': '移交网格', 'grid.split': '拆分网格', 'grid.join': '合并网格', 'grid.remove': '删除网格' },
}
