/** Words of grids that stand in the frame; English. */
export default {
  room: 'Grids',
  admin: 'Grids',
  command: { 'grid.make': 'make grids', 'grid.change': 'change a grid', 'grid.assign': 'assign a grid', 'grid.hand': 'hand grids over', 'grid.split': 'split a grid', 'grid.join': 'join grids', 'grid.remove': 'remove grids' },
}
