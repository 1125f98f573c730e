/** Words of the archive pages. */
export default {
  title: '档案',
}
