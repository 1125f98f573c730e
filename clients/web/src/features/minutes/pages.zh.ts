/** Words of the pages of minutes; they come with them. Chinese. */
export default {
  title: '会议纪要', back: '返回纪要列表', toMeeting: '会议记录与录像', reading: '正在读取纪要……', failed: '纪要读不出来（{why}）', again: '再试一次',
  list: {
    lead: '会后由记录人按会议记录起草，主席审批后定稿。在档案里打开一次会议，点“纪要”即可开始。',
    which: { label: '看哪些', all: '全部', mine: '待我处理', submitted: '待审批', returned: '已退回', approved: '已审批' },
    none: '没有这样的纪要。', meeting: '会议', state: '状态', number: '文号', who: '提交人', at: '最近变动', more: '看更早的',
  },
  state: { none: '未提交', submitted: '待审批', returned: '已退回', approved: '已审批', withdrawn: '已撤回' },
  stands: {
    none: '还没有提交过。', running: '会议尚未结束：可以先起草，结束后才能提交。', submitted: '{who} 于 {at} 提交，待 {chair} 或其上级领导审批。', returned: '{who} 于 {at} 退回：{reason}',
    withdrawn: '{who} 于 {at} 撤回，可以继续修改。', approved: '{who} 于 {at} 审批通过第 {version} 版。定稿不再改动；更正另出新版。',
  },
  shown: { label: '看哪一稿', work: '正在写的', submission: '送审稿', version: '第 {version} 版' },
  save: { clean: '已保存 {at}（{who}）', fresh: '自动起草，截至 {at}；改动后自动保存', dirty: '有改动，稍后保存', saving: '正在保存……', failed: '没有保存：{why}。会自动再试；本页未关闭，文字不会丢', merged: '{who} 也在改，已并入其改动', conflict: '{who} 同时改了相同的段落，请选用哪一份', restored: '找回了上次没有保存的文字' },
  key: { dropPicture: '从纪要中去掉“{caption}”', submit: '提交审批', approve: '通过', return: '退回', withdraw: '撤回', newVersion: '写新版本', docx: '下载 DOCX', pdf: '下载 PDF', print: '打印', making: '正在生成……', unmade: '没有生成（{why}）', redraft: '重新取自记录', undo: '撤销', addSection: '加一节', add: '取用', added: '已在', row: '加一行', dropRow: '删除第 {row} 行', up: '上移“{title}”', down: '下移“{title}”', drop: '删除“{title}”' },
  did: { dropped: '已删除“{title}”', redrafted: '“{title}”已换成记录里的内容' },
  ask: {
    submit: '提交审批？', submitSays: '送 {chair} 审批；审批前不能再改，可以撤回。', why: '这一版为什么改（必填）', whyHint: '例如：补充责任单位', whyMissing: '写明为什么出新版',
    approve: '通过这份纪要？', approveSays: '定为第 {version} 版，永久保存，不再改动。能看会议记录的人都能看到。', approveDrill: '这是演练的纪要。', return: '退回修改', returnSays: '写明要改什么，{who} 会看到。', reason: '要改什么（必填）', reasonHint: '例如：议定事项第 2 条缺责任单位', reasonMissing: '写明要改什么', keep: '不了',
  },
  edit: { picture: '录像截图', caption: '图片说明', title: '标题', section: '段落标题', text: '“{title}”的正文', cell: '{column}，第 {row} 行', moments: '打开录像', moment: '在录像 {code} 处打开', rows: '第 {from}–{to} 行，共 {count} 行', earlier: '前 50 行', later: '后 50 行', newSection: '新的一节', none: '这一节没有文字' },
  side: { label: '旁边', sources: '来源', history: '过程', versions: '版本' },
  sources: { lead: '会议记录里的内容。点时间在录像中打开；点“取用”加到正文。截至 {at}。', unused: '只看还没用上的', none: '都用上了。', failed: '来源读不出来', again: '重新读取' },
  steps: { none: '还没有过程。', submitted: '{who} 提交', returned: '{who} 退回', withdrawn: '{who} 撤回', approved: '{who} 审批通过第 {version} 版' },
  versions: { none: '还没有定稿。', one: '第 {version} 版 · {at} · {who} 审批', digest: '文本 SHA-256', differs: '与第 {version} 版相比', same: '文字没有不同。', gone: '删', new: '增', compare: '看改了什么', hide: '收起' },
  conflict: { title: '两人同时改了相同的段落', lead: '{who} 于 {at} 保存了另一份。下面各段请选用哪一份；其余段落已经合在一起。', mine: '我写的', theirs: '{who} 写的', use: '用这一份', used: '已选用', done: '合并并保存', head: '标题与抬头' },
  paper: { draft: '草稿 未经审批', waits: '待审批稿', drill: '演练', secret: '涉密', number: '文号：{number}', approved: '审批：{center} {name}，{at}', written: '提交：{center} {name}', why: '本版说明：{why}' },
}
