/** Words of the note before a secret meeting is convened; Chinese. */
export default {
  what: '涉密：只有获得涉密授权的人员知道这次会议。',
  all: '所选中心都有授权人员。',
  none: '所选中心中有 {count} 个没有授权人员，不会收到呼叫：{names}',
  failed: '没有读到各中心的授权情况：{why}',
}
