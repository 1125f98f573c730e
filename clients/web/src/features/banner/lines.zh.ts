/** Words of the lines over the pictures; they come with them. Chinese. */
export default { notice: '通知', warning: '警示', label: '会议横幅', spoken: '{style}：{text}' }
