/** Words of what a report says besides its text: fetched with what shows them; Chinese. */
export default {
  category: { water: '水情汛情', fire: '火情', geology: '地质灾害', traffic: '交通', health: '卫生健康', people: '外来人员', security: '治安', supplies: '物资', utilities: '水电通信', other: '其他' },
  urgency: { normal: '一般', urgent: '紧急', critical: '特急' },
  persons: '{count} 人',
  task: '例行任务',
}
