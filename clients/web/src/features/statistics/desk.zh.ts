/** What desks have at hand of statistics; Chinese. */
export default { room: '统计' }
