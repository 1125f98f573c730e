/** What the entries of views are called in the audit, which alone shows them; Chinese. */
export default {
  entry: { 'view.saved': '保存视图', 'view.removed': '删除视图' },
}
