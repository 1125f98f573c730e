/** Words of the console. */
export default {
  title: '指挥台',
}
