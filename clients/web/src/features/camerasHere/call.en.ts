/** Words of cameras in a meeting that only a meeting's own pages show; English. */
export default {
  key: 'Cameras…',
  keyCount: 'Cameras {count}',
  does: 'Cameras: bring the picture of a gate, a dyke, a crossing into the meeting',
  look: 'Look at its cameras',
  out: 'Take the camera out',
  figure: 'Cameras',
  picture: { away: 'Camera · reconnecting', dark: 'Camera · no picture' },
  why: {
    away: 'The camera dropped out; it is dialled again by itself',
    refused: 'The camera refuses the sign-in; have an administrator check user and password',
    quota: 'This browser does not play it, and all places for transcoding are taken; it plays as soon as one is free',
    transcode_failed: 'Transcoding broke off; it is tried again',
    unplayable: 'Browsers do not play what this camera sends',
  },
  sentence: { brought: '{by} brought the camera {camera}', parted: '{by} took the camera {camera} out' },
  command: { 'camera.bring': 'Bring a camera', 'camera.part': 'Take a camera out' },
  entry: { 'camera.brought': 'Camera brought', 'camera.parted': 'Camera taken out' },
}
