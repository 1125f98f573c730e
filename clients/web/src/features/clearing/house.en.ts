/** What the entries of lists in grids are called in the audit, which alone shows them; English. */
export default {
  entry: { 'clearing.assigned': 'Rows given to grids' },
}
