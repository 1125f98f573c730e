/** Words of the registry that stand in the frame; English. */
export default { room: 'Registry' }
