/** Words of plans that every desk says; Chinese. */
export default {
  room: '预案',
  card: '预案',
  all: '全部预案',
  found: '预案',
  command: { 'plan.save': '保存预案', 'plan.remove': '删除预案', 'plan.start': '启动预案' },
}
