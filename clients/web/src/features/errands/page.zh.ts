/** Words of the page of errands; they come with it. Chinese. */
export default {
  label: '代办', search: '搜承办人、原因；本村可搜内容、姓名', ask: '登记代办', xlsx: '导出 XLSX', back: '返回',
  list: { failed: '读不出来（{why}）', again: '再读一次', reading: '正在读取……', none: '没有符合的代办。', empty: '还没有代办。住户来电，由村（社区）的领导或调度员在这里登记；网格员上门时在手机上登记。', clear: '全部显示', more: '看更早的', choose: '从左边选一件代办，这里显示经过。' },
  filter: { state: '状态', kind: '类别', all: '全部', late: '只看超期' },
  state: { open: '未办结', asked: '待接办', taken: '办理中', handed: '转村办理', done: '已办结', dropped: '已撤销' },
  kind: { food: '送菜送粮', medicine: '买药', clinic: '就医', papers: '证件手续', repair: '水电维修', ride: '接送', other: '其他' },
  urgent: '紧急', late: '超期', doneLate: '超期办结', due: '{at} 前', noDue: '尽快', nobody: '没有人接办', masked: '内容只有该村和网格看得到',
  board: { label: '代办数量', up: '上一级', place: '范围', open: '未办结', asked: '待接办', handed: '转村', late: '超期', done: '近 30 天办结', dropped: '撤销', rating: '评价', rated: '{mean}（{count}）', none: '—', byKind: '未办结，按类别' },
  one: { text: '要办的事', who: '住户', grid: '网格', by: '登记', due: '要求', taker: '承办人', handed: '转交', done: '办结', said: '办理情况', cost: '费用', photos: '照片', stars: '评价', heard: { door: '当面', telephone: '电话回访' }, reason: '原因', yuan: '{yuan} 元', forgotten: '内容已按期删除', see: '查看住户', notRated: '还没有评价' },
  key: { take: '村里接办', hand: '转交', done: '办结', drop: '撤销', rate: '记录评价' },
  hand: { title: '转交代办', to: '转给', pick: '请选择', why: '原因（不写姓名）', go: '转交', village: '村里办理' },
  done: { title: '办结代办', said: '办得怎么样（只有本村和网格看得到）', cost: '费用（元，可不填）', costBad: '金额不对', photos: '照片', go: '办结' },
  drop: { title: '撤销代办', why: '原因（不写姓名）', go: '撤销', keeps: '网格员手机上会撤下这件事，记录保留' },
  rate: { title: '住户评价', ask: '电话问住户：这件事办得怎么样？', stars: ['很不满意', '不满意', '一般', '满意', '很满意'], go: '记录' },
  form: { title: '登记代办', find: '住户姓名、电话或门牌', go: '查找', none: '没有找到这样的住户', change: '换一户', kind: '类别', text: '要办什么（只有本村和网格看得到）', textHint: '例：降压药两盒，医保卡在家里', due: '什么时候要（可不填）', urgent: '紧急', save: '登记', hint: '登记后出现在该网格所有网格员的手机上，谁接办谁负责。' },
  cancel: '取消', saved: '已登记', handed: '已转交', finished: '已办结', dropped: '已撤销', rated: '已记录评价', taken: '已接办',
}
