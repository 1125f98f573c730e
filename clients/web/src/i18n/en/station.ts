/** Words of the station page. */
export default {
  title: 'Station',
}
