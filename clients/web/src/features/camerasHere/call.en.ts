/** Words of cameras in a meeting that only a meeting's own pages show; English. */
export default {
  key: 'Cameras…',
  keyCount: 'Cameras {count}',
  does: 'Cameras: bring the picture of a gate, a dyke, a crossing into the meeting',
  look: 'Look at its cameras',
  out: 'Take the camera out',
  figure: 'Cameras',
  sentence: { brought: '{by} brought the camera {camera}', parted: '{by} took the camera {camera} out' },
  command: { 'camera.bring': 'Bring a camera', 'camera.part': 'Take a camera out' },
  entry: { 'camera.brought': 'Camera brought', 'camera.parted': 'Camera taken out' },
}
