/** Words of security that only desks show; Chinese. */
export default {
  lock: { title: '本席已锁定', password: '密码', open: '解锁', wrong: '密码不对', silent: '会议声音已静' },
}
