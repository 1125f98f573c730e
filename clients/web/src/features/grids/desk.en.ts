/** Words of grids that stand in the frame; English. */
export default {
  room: 'Grids',
  admin: 'Grids',
  command: { 'grid.make': 'make grids', 'grid.change': 'change a grid', 'grid.assign': 'assign a grid', 'grid.hand': 'hand grids over', 'grid.split': 'split a grid', 'grid.join': 'join grids', 'grid.remove': 'remove grids' },
  entry: { 'grid.made': 'grids made', 'grid.changed': 'grid changed', 'grid.assigned': 'grid assigned', 'grid.handed': 'grids handed over', 'grid.split': 'grid split', 'grid.joined': 'grids joined', 'grid.removed': 'grids removed' },
}
