/** Words of the chair's controls that only desks show; Chinese. */
export default {
  palette: { lock: '锁定会议', unlock: '解除会议锁定', pause: '暂停会议', resume: '继续开会', admit: '放行等候的 {count} 个', take: '收回主席', ask: '申请主席', extend: '会议延长 {minutes} 分钟', end: '会议' },
}
