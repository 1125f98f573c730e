import type zh from './words.zh'

export default {
  word: {
    nobody: 'Empty', line: 'Line reconnecting', connecting: 'Connecting', playing: 'Playing', reconnecting: 'Reconnecting', away: 'Away', refused: 'Refused', unplayable: 'Not playable', still: 'Stills', withheld: 'No permission',
  },
  says: {
    nobody: 'No camera here',
    line: 'The line to the hub broke; it comes back by itself',
    connecting: 'Asking the camera for its picture',
    reconnecting: 'The camera dropped out; it is dialled again by itself',
    away: 'The camera gives no answer; its picture comes back by itself',
    refused: 'The camera refuses the sign-in; have an administrator check user and password',
    unplayable: 'This picture cannot be played',
    withheld: 'You may not watch this camera, or it is no more',
  },
  reason: {
    codec_h265: 'It is H.265, which browsers do not play',
    b_pictures: 'It sends B-frames, which browsers do not play',
    browser: 'This browser does not play what cameras send; Chrome and Edge do',
    quota: 'Too many pictures are being converted',
    no_key_frame: 'Connected, waiting for a whole picture',
    no_gateway: 'The camera gateway is away; it comes back by itself',
    credentials: 'The camera refuses the sign-in; have an administrator check user and password',
    forbidden: 'The camera does not give its picture to this user',
    no_stream: 'The camera has no such stream',
    busy: 'The camera has too many connections; it is tried again',
    refused: 'The camera refused',
    transport: 'The camera does not take this way of transport',
    moved: 'The camera has another address now; have an administrator change it',
    malformed: 'What the camera answers is not understood',
    no_video: 'The camera has no channel with a picture',
    not_allowed: 'Its address is outside the networks that are allowed',
    scheme: 'Its address is none',
    unreachable: 'The camera gives no answer; its picture comes back by itself',
    timeout: 'The camera answers too late; it is tried again',
    silent: 'It answers, and sends no picture; it is tried again',
    closed: 'The camera hung up; it is dialled again',
  },
  instead: { snapshots: 'A still every 3 s in its place', transcoded: 'Converted' },
  asOf: 'as of {time}',
  picture: 'Picture of {name}',
  still: 'Still of {name}',
  quality: { good: 'Runs smoothly', fair: 'Stutters a little', poor: 'Stutters', lost: 'Interrupted' },
  watchers: '{count} watching',
} satisfies Words<typeof zh>

type Words<T> = { [K in keyof T]: T[K] extends string ? string : Words<T[K]> }
