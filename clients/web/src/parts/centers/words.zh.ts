/** Words of choosing centers; Chinese. */
export default {
  who: '参会中心', chosen: '已选 {count} 个', nobody: '还没有选中心', presets: { counties: '全部县区', townships: '全部乡镇', all: '到村全部', none: '清空' },
  groups: '常用组', reach: { township: '{name} 到乡镇', village: '{name} 到村', county: '{name} 到县区' }, only: { county: '{name} 各县区', township: '{name} 各乡镇', village: '{name} 各村', city: '{name}' },
  single: '单选 {count} 个', drop: '去掉 {what}',
}
