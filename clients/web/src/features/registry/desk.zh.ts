/** Words of the registry that stand in the frame; Chinese. */
export default { room: '四实' }
