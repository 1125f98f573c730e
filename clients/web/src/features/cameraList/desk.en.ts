/** Words of the list of cameras that stand in the frame; English. */
export default { room: 'Cameras', admin: 'Cameras' }
