/** What desks have at hand of statistics; English. */
export default { room: 'Statistics' }
