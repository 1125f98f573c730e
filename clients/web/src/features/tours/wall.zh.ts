/** Words of a tour on the big screen; they come with it. Chinese. */
export default {
  tour: '轮巡', now: '正在看 {who}', many: '正在看 {count} 家', nobody: '没有中心在会，等待到会', next: '下一个 {who}', nextMany: '下一组 {who} 等', left: '{time} 后切换', paused: '轮巡已暂停', rests: '会议暂停，轮巡停在这里',
  place: '第 {place} 家，共 {total} 家',
}
