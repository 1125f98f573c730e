/** Words of lists of people that stand in the frame; those of the room come with it. Chinese. */
export default {
  room: '比对',
  command: { 'clearing.issue': '下发名单', 'clearing.take': '签收名单', 'clearing.report': '上报核查', 'clearing.assign': '名单行分到网格', 'clearing.unmask': '查看明文', 'clearing.delete': '收回名单' },
  entry: { 'clearing.loaded': '装载名单', 'clearing.issued': '下发名单', 'clearing.taken': '签收名单', 'clearing.reported': '核查结果', 'clearing.unmasked': '查看明文', 'clearing.deleted': '删除名单' },
}
