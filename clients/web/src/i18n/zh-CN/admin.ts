/** Words of 管理. */
export default {
  title: '管理',
  sections: '管理项目',
  duty: { system: '系统管理员', security: '安全管理员', audit: '审计管理员' },
}
