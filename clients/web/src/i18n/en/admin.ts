/** Words of administration. */
import type { DeskPageWords } from '../zh-CN/desk'

export default {
  title: 'Administration',
  sections: 'Sections',
  duty: { system: 'System administrator', security: 'Security administrator', audit: 'Audit administrator' },
} satisfies DeskPageWords['admin']
