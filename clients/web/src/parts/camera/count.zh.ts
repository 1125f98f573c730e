export default { some: '摄像头 …', none: '没有摄像头', count: '摄像头 {count}', away: '{count} 无画面' }
