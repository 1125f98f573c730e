/** What the entries of grids are called in the audit, which alone shows them; Chinese. */
export default {
  entry: { 'grid.made': '新建网格', 'grid.changed': '修改网格', 'grid.assigned': '分配网格人员', 'grid.handed': '移交网格', 'grid.split': '拆分网格', 'grid.joined': '合并网格', 'grid.removed': '删除网格' },
}
