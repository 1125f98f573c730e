/** Words of the chair on the big screen; they come with them. Chinese. */
export default { paused: '会议暂停', since: '从 {at} 起' }
