/** 巡查 in the rail. */
export default { room: '巡查' }
