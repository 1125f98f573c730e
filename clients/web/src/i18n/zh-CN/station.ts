/** Words of the station page. */
export default {
  title: '站点',
}
