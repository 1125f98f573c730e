/** Words of routine tasks that a station shows before anything is fetched; Chinese. */
export default {
  command: { 'task.answer': '报送' },
}
