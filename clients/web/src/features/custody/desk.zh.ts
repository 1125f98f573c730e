/** What desks have at hand of custody; Chinese. */
export default { room: '保管' }
