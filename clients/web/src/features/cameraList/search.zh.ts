/** Words of looking for devices; Chinese. */
export default {
  search: {
    title: '查找设备', say: '在设定的摄像头网段内查找支持 ONVIF 的摄像头和录像机。读取码流时才用到账号密码，保存前不留存。', where: '在哪里找', all: '所在网络（广播，几秒）', part: '网段', partHint: '最多 4,096 个地址，如 10.43.8.0/22；写一个地址就只问这一台', partWrong: '网段应写作 10.43.8.0/22，并在设定的网段内，最多 4,096 个地址',
    none: '没有设置摄像头网段（HUB_CAMERA_NETWORKS），不能查找。请运维人员设置后重启服务。', start: '查找', stop: '停止', going: '正在查找第 {done} 段，共 {of} 段，已找到 {count} 台', calling: '正在广播查找，约 3 秒……', stopped: '已停止，找到 {count} 台', found: '找到 {count} 台设备', nothing: '没有设备应答', nothingHow: '设备可能没有启用 ONVIF，或与服务器不在同一网段：换一个网段逐个地址查找，或用“添加”直接填写地址。', failed: '查找没有完成：{why}', again: '再找',
    known: '已在目录', here: '同一地址已有 {count} 个摄像头', choose: '选用', open: '查看', unnamed: '未命名设备', back: '返回列表',
    user: '账号', password: '密码', kept: '已保存，可不填', read: '读取码流', asking: '正在询问设备……', nameless: '设备没有说明厂商和型号', noStreams: '设备没有可用的 RTSP 码流', picture: '设备的画面', picturing: '正在取画面……', noPicture: '没有取到画面：{why}',
    lens: '通道', lensOf: '第 {at} 路，共 {of} 路', main: '主码流', sub: '子码流（多画面时用）', noSub: '不用子码流', knownStream: '这一路已在目录中',
    name: '名称', center: '所属中心', kind: '类型', tags: '标签（用空格分开）', place: '安装位置', make: '添加到目录', made: '已添加 {name}', next: '可继续选下一台',
    anew: '从设备读取码流', anewSay: '重新询问这台设备有哪些码流，选定后主、子码流地址随之更换。', apply: '换成这些码流', applied: '已更换 {name} 的码流', cancel: '取消',
    why: { credentials: '账号或密码不对', not_offered: '设备不支持，或没有开放给这个账号', unreachable: '设备没有应答，请核对地址和网络', malformed: '设备的应答无法识别', not_allowed: '地址不在允许的网段内' },
  },
}
