/** Words of the list of cameras that stand in the frame; Chinese. */
export default { room: '摄像头', admin: '摄像头' }
