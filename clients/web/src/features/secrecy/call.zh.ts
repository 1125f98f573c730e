/** Words of levels of secrecy that only a meeting's own pages show; Chinese. */
export default {
  lane: '密级',
  key: { raise: '定为涉密…', lower: '降密…' },
  does: '密级：定为涉密或降密',
  sentence: { raised: '{who} 把会议定为涉密', lowered: '{who} 降密，会议改为普通' },
  raise: {
    title: '定为涉密',
    confirm: '定为涉密',
    busy: '正在定密……',
    one: '只有获得涉密授权、并且本来就能看到这次会议的人员，才能知道它。',
    out: '会内没有涉密授权的人员立即离会，音视频随即断开；他们再也看不到这次会议的任何内容。',
    left: '没有涉密授权的人员从此看不到这次会议、录像、纪要和检索结果，统计也不计入。',
    why: '定密理由（可不填）',
  },
  lower: {
    title: '降密',
    confirm: '降密',
    busy: '正在降密……',
    one: '会议改为普通：能看这类会议的人员都能看到它的全部内容，包括录像、纪要和检索结果。',
    why: '降密理由（记入台账）',
    missing: '请写明降密理由',
  },
  keep: '不改',
  command: { 'secrecy.raise': '定为涉密', 'secrecy.lower': '降密' },
  entry: { 'secrecy.raised': '定为涉密', 'secrecy.lowered': '降密' },
}
