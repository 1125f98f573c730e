/** Words of pictures that the hub makes of cameras; English. */
export default {
  title: 'Pictures', of: 'Picture: {center} {name} {time}', download: 'Download', incident: 'Make an incident', order: 'Issue an order', digest: 'The hub took it from the camera itself, no browser had it in hands. SHA-256: {digest}',
}
