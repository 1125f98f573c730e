/** Words of the sign-in page. */
export default {
  title: '登录',
  username: '账号',
  password: '密码',
  submit: '登录',
  submitting: '正在登录……',
  showPassword: '显示密码',
  hidePassword: '隐藏密码',
  wrong: '账号或密码不对，请再试一次',
  tooMany: '登录失败次数太多，请 {minutes} 分钟后再试',
  intro: '市、县、乡、村四级视频指挥调度',
  needBoth: '请填写账号和密码',
}
