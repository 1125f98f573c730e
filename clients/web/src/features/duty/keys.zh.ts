/** Words of taking over and handing over; they come with its keys, on the desk and on the station. Chinese. */
export default {
  title: '值班', above: '上级值守', at: '{time} 的情况', person: { taken: '{center} {who}', roster: '{center} {who}（按排班）', nobody: '{center} 无人值守' },
  now: { taken: '{who} 在岗，{time} 接班', roster: '{who} 当班（按排班，{time} 起），还没有接班', nobody: '无人值守，自 {time} 起', nobodyYet: '还没有人接过班' },
  missed: '{who} 应于 {time} 接班，还没有接班', lead: '带班领导 {who}', next: '下一班 {who}，{time}',
  reading: '正在读取值班情况……', failed: '值班情况读不出来（{why}），会自动再读。',
  take: '接班', relieve: '接替 {name}', hand: '交班', roster: '排班', close: '收起',
  taking: '正在接班……', handing: '正在交班……',
  takeTitle: '接班', name: '姓名', post: '职务', nameHint: '只写姓名和职务，不写电话号码；记入台账，不能删除。',
  relieves: '{name} 还没有交班，没有交班记录可读。接班后由您当班。',
  note: '{name} 的交班记录（{time}）', confirmTake: '我已阅读，接班', plainTake: '确认接班', noNote: '交班记录读不出来（{why}），请再试。', again: '再读',
  handTitle: '{name} 交班', part: { situation: '当前情况', done: '已采取措施', to_do: '待办事项', resources: '力量与物资', remarks: '备注' },
  hint: { situation: '例如：水位 32.1 米，平稳；无人员转移', done: '例如：巡堤两次，已通知三户', to_do: '例如：20 时复测水位', resources: '例如：冲锋舟 2 艘，在村部；民兵 8 人', remarks: '' },
  open: '未办结的指令 {count} 条', putIn: '填入待办事项', order: '指令（{state}）：{text}', state: { issued: '未签收', delivered: '未签收', signed: '已签收', returned: '已退回', in_progress: '办理中', completed: '已办结', accepted: '已验收' },
  confirmHand: '确认交班', needed: '请写当前情况', neededName: '请写姓名', wrongName: '姓名和职务里不能写电话号码',
  changed: '刚才有人接了班或交了班，请看最新情况再试。', refused: '没有成功：{why}',
  done: { taken: '已接班：{name}', handed: '已交班，等下一班阅读后接班' },
}
