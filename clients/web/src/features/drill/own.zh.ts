/** Words of the guided drills; Chinese. */
export default {
  title: '新手练习',
  offer: { leader: '第一次来？跟着走一遍：召集、听报告、下指令、记决策、看档案，约五分钟。', village: '第一次来？跟着走一遍：接听、报告、签收、办结。演示站会把本村让给您。' },
  start: '开始练习',
  decline: '不用',
  stop: '结束练习',
  again: '再来一遍',
  all: '全部步骤',
  done: '已完成',
  finished: { leader: '练习完成：一次指挥调度从召集到归档，您都做过了。', village: '练习完成：接听、报告、签收、办结，您都做过了。' },
  aside: {
    leader: '想自己扮演村里？另开一个无痕窗口，用账号 tandu-cun 登录（口令印在启动的终端里，也在数据目录的 demo-accounts.json），演示站会让位。',
    village: '要有人召集：另开一个窗口，用账号 yueyang 登录指挥台，召集坦渡村。',
  },
  leader: {
    convene: { what: '召集', how: '按「召集」；要选别的中心，在左侧勾选。' },
    arrive: { what: '等到会', how: '演示站正在应答，看上方「到会」的数字。' },
    broadcast: { what: '广播', how: '选中坦渡村的画面，按「广播」，让全体都看到。' },
    hear: { what: '听报告', how: '各站到会后报告一切正常，右侧「情况」里能看到。' },
    order: { what: '下指令', how: '在右侧「指令」里写一句话，下达。' },
    signed: { what: '看签收', how: '等第一个签收，指令卡上写着谁签了、谁还没有。' },
    decide: { what: '记决策', how: '在右侧「决策」里记下一条决定。' },
    end: { what: '结束', how: '按「结束」并确认；录像和全部记录都会保留。' },
    review: { what: '看档案', how: '这是本次会议的档案：点任意一条记录，从那一秒看起。' },
  },
  village: {
    answer: { what: '接听', how: '等指挥台召集；来电时按「接听」。' },
    report: { what: '报告', how: '按「一切正常」，指挥台马上看到。' },
    sign: { what: '签收', how: '指令到了就按「签收」。' },
    complete: { what: '办结', how: '办完后按「已办结」，写一句结果。' },
  },
}
