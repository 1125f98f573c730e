/** The few words about one's own account that stand on every page. */
export default {
  title: '我的账号',
  last: '上次登录',
  lastAt: '{time}，来自 {address}',
  never: '没有更早的登录',
  somewhere: '未知地址',
  notYou: '如果不是您本人，请在“我的账号”里修改密码。',
  menu: '帮助',
}
