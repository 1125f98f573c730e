/** Words of the sound of the big screen; Chinese. */
export default {
  on: '无声 · 打开声音', off: '关闭声音', blocked: '浏览器要点一下才放声音：点这里', help: '打开后这块屏播放会议的声音，只在这台电脑上记住；同一房间开着麦克风时会有回声',
}
