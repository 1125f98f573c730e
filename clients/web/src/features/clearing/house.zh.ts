/** What the entries of lists in grids are called in the audit, which alone shows them; Chinese. */
export default {
  entry: { 'clearing.assigned': '名单行分到网格' },
}
