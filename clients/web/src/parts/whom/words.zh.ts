/** Words of choosing whom; they come with it. Chinese. */
export default {
  label: '对象', all: '全部被叫', level: { city: '全部市级', county: '全部县区', township: '全部乡镇', village: '全部村社区' }, below: '{name}及以下',
  one: { stage: '主画面：{name}', selected: '选中：{name}', arrived: '已到：{name}', ticked: '勾选：{name}' }, set: { stage: '主画面', selected: '选中', arrived: '已到', ticked: '勾选' },
  named: '指定中心', group: '常用组：{name}', counted: '{what}（{count}）',
  ofCameras: { all: '会中全部摄像头', township: '{name}的摄像头' },
  ofPhones: '会中全部网格员手机',
}
