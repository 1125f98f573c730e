/** Words for who is seen in a tour; they come with the line that says so. Chinese. */
export default { own: '轮巡：{name} 正在看您的画面', all: '轮巡：全体正在看您的画面' }
