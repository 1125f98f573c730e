/** Words of tours that only desks show; Chinese. */
export default {
  key: '轮巡…',
  does: { open: '轮巡：设置，或看名单', next: '轮巡：下一个', back: '轮巡：上一个', pause: '轮巡：暂停或继续' },
  kind: { own: '轮巡 · 只给自己看', broadcast: '轮巡 · 全体在看', mosaic: '轮巡 · 多画面' },
  sheet: {
    title: '轮巡', show: '给谁看', own: '只给自己', broadcast: '全体（广播）', mosaic: '全体（多画面）', who: '看哪些中心、摄像头', seconds: '每家停留', count: '{count} 秒', grid: '画面数', cells: '{count} 画面',
    order: '次序', tree: '按组织树', listed: '按列出的次序', hand: '自己排', handHelp: '拖动，或选中后用 Alt+↑ Alt+↓ 移动', up: '{name} 上移', down: '{name} 下移', out: '去掉 {name}', many: '超过 {count} 家，请按组织树',
    present: '只看现在在会的', presentHelp: '不勾选时，后到的也会轮到；不在会的自动跳过', start: '开始轮巡', close: '关闭', taken: '全体轮巡正在进行，先停止它', mine: '您的轮巡正在进行，先停止它',
  },
  strip: {
    now: '正在看 {who}', stood: '停在 {who}', many: '正在看 {count} 家', nobody: '没有中心在会，等待到会', next: '下一个 {who}', nextMany: '下一组 {who} 等', alone: '没有别的中心在会，等待到会', left: '{time} 后切换', place: '第 {place} 家，共 {total} 家', passed: '跳过 {count}', by: '{name} 发起',
    paused: { chair: '已暂停', taken_over: '已暂停：主画面被手动切换', voice: '已暂停：发言者占用了主画面', locked: '已暂停：画面已锁定', meeting: '随会议暂停' }, rests: '继续后再看 {time}',
  },
  keys: { back: '上一个', pause: '暂停', resume: '继续', next: '下一个', stay: '多看 30 秒', list: '名单', stop: '停止', go: '看这家' },
  list: { title: '轮巡名单', seconds: '每家停留', count: '{count} 秒', shown: '正在看', here: '在会', passed: '不在会，已跳过', absent: '不在会', none: '名单为空', close: '关闭' },
  spoken: { step: '正在看 {who}', paused: '轮巡已暂停' },
  lane: '轮巡',
  sentence: {
    started: { own: '{by} 开始轮巡（自己看），共 {count} 家，每家 {seconds} 秒', broadcast: '{by} 开始全体轮巡，共 {count} 家，每家 {seconds} 秒', mosaic: '{by} 开始多画面轮巡，共 {count} 家，每组 {seconds} 秒' },
    stepped: '轮巡看 {who}', steppedMany: '轮巡看 {who} 等 {count} 家', nobody: '轮巡：没有中心在会', stayed: '{by} 多看一会儿',
    paused: { chair: '{by} 暂停轮巡', taken_over: '主画面被手动切换，轮巡暂停', voice: '发言者占用主画面，轮巡暂停', locked: '画面锁定，轮巡暂停', meeting: '会议暂停，轮巡随之暂停' },
    resumed: '{by} 继续轮巡', resumedWith: '会议继续，轮巡接着进行', paced: '{by} 把轮巡改为每家停留 {seconds} 秒', stopped: '轮巡结束：共 {total} 家，看了 {seen} 家，切换 {steps} 次', left: '发起人离会，轮巡结束：看了 {seen} 家，共 {total} 家，切换 {steps} 次', handed_over: '发起人不再主持会议，轮巡结束：看了 {seen} 家，共 {total} 家，切换 {steps} 次', ended: '会议结束，轮巡结束：看了 {seen} 家，共 {total} 家，切换 {steps} 次',
  },
  minutes: {
    title: '轮巡', none: '本次会议没有轮巡', failed: '没有读到轮巡记录', again: '重试', reading: '正在读取……',
    one: { own: '{from} 至 {to}，{by} 轮巡（自己看）', broadcast: '{from} 至 {to}，{by} 全体轮巡', mosaic: '{from} 至 {to}，{by} 多画面轮巡' }, still: '{from} 起，正在进行：{by}', sums: '共 {total} 家，看了 {seen} 家，切换 {steps} 次，每家 {seconds} 秒',
  },
  command: {
    'tour.start': '开始轮巡', 'tour.next': '轮巡下一个', 'tour.back': '轮巡上一个', 'tour.go': '轮巡看这家', 'tour.pause': '暂停轮巡', 'tour.resume': '继续轮巡', 'tour.stay': '多看一会儿', 'tour.pace': '改变轮巡间隔', 'tour.stop': '停止轮巡',
  },
  entry: { 'tour.started': '开始轮巡', 'tour.stepped': '轮巡切换', 'tour.stayed': '多看一会儿', 'tour.paced': '轮巡间隔', 'tour.paused': '轮巡暂停', 'tour.resumed': '轮巡继续', 'tour.stopped': '轮巡结束' },
}
