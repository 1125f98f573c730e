/** Words of views that stand in the frame; Chinese. */
export default {
  room: '一表通',
  command: { 'view.save': '保存视图', 'view.remove': '删除视图' },
}
