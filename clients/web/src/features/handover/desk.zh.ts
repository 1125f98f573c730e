/** Words of handing over that the frame shows; Chinese. */
export default {
  room: '移交',
}
