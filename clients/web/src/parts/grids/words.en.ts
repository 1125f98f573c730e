/** Words of a center's grids on its card; English. */
export default { count: '{grids} grids · {members} people', unassigned: '{count} with nobody', title: 'Grids of {name}', nobody: 'Nobody assigned', leader: 'Leader {name}', planned: '{count} homes', all: 'Open in 巡查 › 网格', reading: 'Reading…', failed: 'Could not be read: {why}', more: 'The first {count} of them' }
