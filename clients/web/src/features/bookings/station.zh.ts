/** Words of the station's next meeting; they come with it. Chinese. */
export default {
  next: '下次会议', soon: '即将开会', off: '会议取消', left: '还有 {minutes} 分钟', now: '马上开始', zone: '（{zone}）',
  who: '{center} {name} 主持', record: '会议录像', more: '还有 {count} 场', less: '收起', note: '议程', today: '今天', tomorrow: '明天', reason: '原因：{reason}', itself: '到时会自动呼叫，请保持本页打开',
}
