/** Words of units at the station; they come with what shows them. Chinese. */
export default { joined: '已加入 {level}会议', of: '{center} · {title}', text: '能看到、听到上级会议；上级只听到本会议主席', level: { city: '市级', county: '县级', township: '乡镇级', village: '村级' } }
