/** Words of checks before a meeting; Chinese. */
export default {
  command: { 'check.start': '会前检查', 'check.report': '答复检查', 'check.cancel': '停止检查' },
  entry: { 'check.started': '会前检查', 'check.reported': '检查答复', 'check.ended': '检查结束' },
}
