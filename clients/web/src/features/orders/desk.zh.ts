/** Words of orders that only desks show; Chinese. */
export default {
  sheet: { title: '下达指令', written: '指令还没有下达，写的内容会丢掉。', drop: '不要了' },
}
