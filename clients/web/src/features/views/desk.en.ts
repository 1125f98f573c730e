/** Words of views that stand in the frame; English. */
export default {
  room: 'Views',
  command: { 'view.save': 'keeping a view', 'view.remove': 'removing a view' },
}
