/** Words of reviewing that the record shows; Chinese. */
export default {
  sentence: {
    added: { point: '{who} 标记要点', quote: '{who} 标记发言', task: '{who} 标记待办', doubt: '{who} 标记待核' },
    changed: { point: '{who} 修改标记（要点）', quote: '{who} 修改标记（发言）', task: '{who} 修改标记（待办）', doubt: '{who} 修改标记（待核）' },
    withdrawn: '{who} 撤回标记',
  },
  kind: { point: '要点', quote: '发言', task: '待办', doubt: '待核' },
  command: { 'mark.add': '做标记', 'mark.change': '修改标记', 'mark.withdraw': '撤回标记' },
  entry: { 'mark.added': '做标记', 'mark.changed': '修改标记', 'mark.withdrawn': '撤回标记' },
}
