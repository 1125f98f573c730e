/** Words of security that only desks show; Chinese. */
export default {
  lock: { title: '本席已锁定', password: '密码', open: '解锁', wrong: '密码不对', silent: '会议声音已静' },
  command: {
    'policy.change': '修改安全策略',
    'session.end': '结束一个登录',
    'account.unlock': '解除登录等待',
    'second_factor.reset': '重置两步验证',
    'right.propose': '提请授权',
    'right.propose_password': '提请一次性密码',
    'right.approve': '同意授权',
    'right.reject': '退回授权',
  },
}
