/** What desks have at hand of custody; English. */
export default { room: 'Custody' }
