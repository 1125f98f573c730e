/** Words of plans that every desk says; Chinese. */
export default {
  command: { 'plan.save': '保存预案', 'plan.remove': '删除预案' },
}
