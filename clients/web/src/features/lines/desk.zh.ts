/** Words of lines that desks alone show. */
export default {
  own: '本席线路与画面',
  byRelay: '经中继 {count} 方：',
  takes: { stage: '只看主画面', none: '只听声音' },
  weak: { stage: '弱网：只看主画面', none: '弱网：只听声音' },
  spoken: { stage: '线路弱，已自动改为只收声音和主画面', none: '线路弱，已自动改为只收声音' },
}
