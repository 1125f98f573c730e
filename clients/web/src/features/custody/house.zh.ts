/** Words of retention in 管理; Chinese. */
export default {
  retention: {
    title: '保存期限',
    lead: '会议结束满期限后，档案员才能提请销毁，并须另一角色的人批准。不填就是永久保存；到期不会自动删除。',
    kind: { recordings: '录像', films: '影片', clips: '片段和截图', packs: '移交包和取证包', minutes: '会议纪要', speech: '发言记录' },
    about: { recordings: '各方原始录像；销毁时连同缩略图和发言记录', films: '整场会议的影片', clips: '从录像剪出的片段和截图', packs: '还留在系统里的移交包；含录像的取证包三天后自动清除', minutes: '已提交和已批准的纪要正文', speech: '谁在何时发言、说了什么' },
    days: '天数',
    forever: '永久',
    unit: '天',
    copy: '没有核实过的第二份就不得销毁',
    copyNone: '现在没有配置第二份：勾选后什么都不能销毁。',
    reason: '依据',
    reasonHint: '如：档案管理办法第七条',
    save: '保存期限生效',
    saving: '正在保存……',
    saved: '已生效。',
    wrong: '天数是 1 到 36525 的整数，不填为永久。',
    since: '{at} 由{who}设定：{reason}',
    never: '还没有设定过，一切永久保存。',
    owner: '系统所有者',
    shorter: '缩短期限后，{kinds}的到期内容可以被提请销毁。',
  },
}
