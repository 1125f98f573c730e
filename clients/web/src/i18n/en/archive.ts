/** Words of the archive pages. */
export default {
  title: 'Archive',
}
