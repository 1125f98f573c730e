export default { some: 'Cameras …', none: 'No cameras', count: 'Cameras {count}', away: '{count} without a picture' }
