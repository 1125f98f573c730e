/** 巡查 in the rail; English. */
export default { room: 'Patrol' }
