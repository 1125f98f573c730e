/** What other pages say of finding; Chinese. The page brings its own words. */
export default { room: '查找', all: '查找发言、指令、报告、决策等全部内容' }
