/** Words of jobs: how one stands, what it is at, why it failed; Chinese. */
export default {
  state: { waiting: '排队等候', running: '正在制作', done: '已完成', failed: '未能完成', cancelled: '已取消', destroyed: '已按规定销毁', swept: '保留期已过，已清除' },
  waitingWhy: '前面的任务完成、录像收尾后自动开始，可以离开本页',
  goesOn: '在后台进行，可以离开本页',
  percent: '{percent}%',
  left: { seconds: '约还需 {count} 秒', minutes: '约还需 {count} 分钟', unknown: '正在估算时间' },
  again: '第 {count} 次尝试',
  by: '{who} · {at}',
  hub: '系统自动',
  cancel: '取消',
  cancelling: '正在取消',
  retry: '重试',
  stage: { reading: '读取记录', sound: '混合声音', pictures: '合成画面', joining: '合并', writing: '写入文件', packing: '打包', sealing: '等待签名' },
  reason: {
    no_recording: '本次会议没有录像，无法制作。',
    no_room: '磁盘空间不足。请管理员清理后重试。',
    unreadable: '录像文件无法读取，可能已损坏。请在存证中校验录像。',
    missing: '录像文件不在本机，可能已移走。',
    too_long: '长时间没有进展，已停止。可以重试。',
    died: '多次被系统中断。可以重试；仍不成功请联系管理员。',
    fault: '程序出错。可以重试；仍不成功请联系管理员。',
  },
}
