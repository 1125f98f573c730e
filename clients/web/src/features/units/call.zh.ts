/** Words of units that only a meeting's own pages show: the key, the record, names of commands and entries; Chinese. */
export default {
  key: '级联…',
  does: '级联：和上级、下级的会议合开',
  lane: '级联',
  figure: '下级会议',
  speaks: '代表《{title}》{present} 人在会',
  spoken: { called: '{center}点名，点到本会议', invited: '{center}邀请本会议加入', asked: '{center}的会议申请加入', joined: '已加入{center}的会议', left: '已不在上级会议中' },
  sentence: {
    invited: '{by} 邀请{lower}的会议加入{upper}的会议',
    asked: '{by} 申请{lower}的会议加入{upper}的会议',
    declined: { refused: '{by} 没有同意{lower}的会议加入{upper}的会议', withdrawn: '{by} 撤回{lower}的会议加入{upper}的会议', ended: '会议结束，{lower}的会议不再加入{upper}的会议' },
    joined: '{lower}的会议加入{upper}的会议，由 {chair} 代表（{by} 同意）',
    left: {
      upper: '{by} 断开{lower}和{upper}会议的级联', lower: '{by} 退出级联，{lower}的会议离开{upper}的会议', ended: '会议结束，{lower}的会议离开{upper}的会议',
      left: '{lower}的主席离会，其会议离开{upper}的会议', removed: '{lower}的主席被移出，其会议离开{upper}的会议', chair: '{lower}的会议换了主席，不能再代表，离开{upper}的会议',
    },
    led: '{lower}的会议改由 {chair} 代表', muted: '{by} 静音{lower}的会议', unmuted: '{by} 取消静音{lower}的会议', called: '{upper}的会议点名，点到{lower}的会议', recorded: '{upper}的会议录像，{lower}的主席在其中', recordedOver: '{upper}的会议停止录像', calledOver: '{upper}的会议点名，{lower}的会议已点过',
  },
  command: { 'unit.invite': '邀请会议加入', 'unit.ask': '申请加入上级会议', 'unit.accept': '同意级联', 'unit.end': '断开级联' },
  entry: {
    'unit.proposed': '提出级联', 'unit.declined': '级联未成', 'unit.joined': '级联加入', 'unit.left': '级联断开', 'unit.led': '下级会议换主席', 'unit.muted': '上级静音', 'unit.called': '上级点名', 'unit.recorded': '上级录像', 'unit.counted': '下级会议人数',
  },
}
