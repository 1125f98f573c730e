/** Words of plans that a meeting's own pages say; Chinese. */
export default {
  entry: { 'plan.saved': '保存预案', 'plan.removed': '删除预案' },
}
