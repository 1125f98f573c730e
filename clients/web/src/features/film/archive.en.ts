/** Words of films on a meeting's page in the archive; English. */
import type { Translated } from '../words'
import type zh from './archive.zh'

export default {
  key: { make: 'Make a film', making: 'Film {percent} %', waiting: 'Film waits', ready: 'Film' },
  title: 'Film',
  name: 'Film',
  says: 'The meeting as one video: the stage as everybody saw it, roll call and layouts, with name plates, clock and banner, one mixed sound, and chapters. Where there is no picture it says so in words.',
  cost: 'The recording is {length} long: about {minutes} of work, about {size}.',
  measured: 'By the pace of the last film made here.',
  guessed: 'An estimate.',
  minutes: '{count} min',
  seconds: '{count} s',
  make: 'Make the film',
  asking: 'Asking',
  again: 'Make it again',
  live: 'The meeting still runs. A film can be made when it is over.',
  nothing: 'Nothing of this meeting was recorded: there can be no film.',
  mayNot: 'Leaders, dispatchers and clerks of this center have films made.',
  facts: '{length} · {size} · made {at}',
  missing: '{count} recorded parts are missing or cannot be read; they are not in the film.',
  digest: 'SHA-256 {digest}',
  download: 'Download',
  player: 'The film',
  unplayable: 'This browser cannot play H264. Download the film to play it.',
  chapters: 'Chapters',
  noChapters: 'No chapters',
  problem: 'The jobs could not be read; trying again.',
} satisfies Translated<typeof zh>
