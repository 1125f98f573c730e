/** Words of the form of a report: fetched with it; Chinese. */
export default {
  label: '请说明情况',
  nobody: '不要填写姓名、电话、身份证号。',
  need: '请先写下情况，或选一个类别',
  named: '里面像有电话或身份证号。请改掉；确实不是，请再按一次报告。',
  send: '报告情况',
  sending: '正在报告……',
}
