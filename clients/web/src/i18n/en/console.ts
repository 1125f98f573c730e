/** Words of the console. */
export default {
  title: 'Console',
}
