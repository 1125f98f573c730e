/** Words of looking for devices; English. */
import type { Translated } from '../words'
import type zh from './search.zh'

export default {
  search: {
    title: 'Find devices', say: 'Looks for cameras and recorders that speak ONVIF inside the networks of cameras. Name and password are used to read streams, and kept only with what is added.', where: 'Where', all: 'The network it stands in (a call, some seconds)', part: 'Network', partHint: 'At most 4,096 addresses, such as 10.43.8.0/22; one address asks that device alone', partWrong: 'A network such as 10.43.8.0/22, inside those that are set, of at most 4,096 addresses',
    none: 'No network of cameras is set (HUB_CAMERA_NETWORKS): an operator sets it, then the hub is started again.', start: 'Find', stop: 'Stop', going: 'Looking, part {done} of {of}; {count} found', calling: 'Calling, about 3 seconds …', stopped: 'Stopped; {count} found', found: '{count} devices answered', nothing: 'No device answered', nothingHow: 'ONVIF may be off, or the device stands in another network: ask the addresses of that network, or add it by its address.', failed: 'The search was not finished: {why}', again: 'Again',
    known: 'In the directory', here: '{count} cameras at this address', choose: 'Choose', open: 'See', unnamed: 'Device without a name', back: 'Back to the list',
    user: 'User', password: 'Password', kept: 'kept; may stay empty', read: 'Read streams', asking: 'Asking the device …', nameless: 'The device does not say who made it', noStreams: 'The device has no RTSP stream that can be used', picture: 'What the device shows', picturing: 'Taking a picture …', noPicture: 'No picture: {why}',
    lens: 'Channel', lensOf: '{at} of {of}', main: 'Main stream', sub: 'Sub stream (for many at once)', noSub: 'None', knownStream: 'This one is in the directory already',
    name: 'Name', center: 'Center', kind: 'Kind', tags: 'Tags, by blanks', place: 'Place', make: 'Add to the directory', made: '{name} was added', next: 'Choose the next one',
    anew: 'Read streams from the device', anewSay: 'Asks the device again which streams it has; the addresses become those that are chosen.', apply: 'Take these streams', applied: '{name} has these streams now', cancel: 'Cancel',
    why: { credentials: 'wrong user or password', not_offered: 'the device does not do this, or not for this user', unreachable: 'the device does not answer: see its address and the network', malformed: 'its answer is not understood', not_allowed: 'its address is in no network of cameras' },
  },
} satisfies Translated<typeof zh>
