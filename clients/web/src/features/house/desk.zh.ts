/** Words of the house: accounts and centers; Chinese. */
export default {
  command: {
    'account.create': '新建账号',
    'account.change': '修改账号',
    'account.disable': '停用账号',
    'account.enable': '启用账号',
    'account.sign_out': '强制退出账号',
    'account.delete': '删除账号',
    'account.reset_password': '收回密码',
    'center.create': '新建中心',
    'center.change': '修改中心',
    'center.remove': '撤销中心',
    'center.import': '导入中心名录',
  },
}
