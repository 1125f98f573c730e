/** Words of notes, and marks in the record; Chinese. */
export default {
  panel: { text: '备注', placeholder: '备注，回车记录，时间为此刻', send: '记录备注', none: '还没有备注' },
  tab: '备注',
  key: '备注',
  does: '添加备注',
  lane: '标记',
  sentence: { added: '{who} 标记' },
  command: { 'note.add': '备注' },
  entry: { 'note.added': '备注' },
}
