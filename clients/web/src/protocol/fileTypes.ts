/** What type a file is said to be: by its ending, because systems disagree about lists and office files; else what the browser says. */

const OFFICE = 'application/vnd.openxmlformats-officedocument'
const BY_ENDING: Readonly<Record<string, string>> = {
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  heic: 'image/heic',
  heif: 'image/heic',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  m4a: 'audio/mp4',
  webm: 'video/webm',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  mkv: 'video/x-matroska',
  txt: 'text/plain',
  csv: 'text/csv',
  zip: 'application/zip',
  docx: `${OFFICE}.wordprocessingml.document`,
  xlsx: `${OFFICE}.spreadsheetml.sheet`,
  pptx: `${OFFICE}.presentationml.presentation`,
  doc: 'application/msword',
  xls: 'application/vnd.ms-excel',
  ppt: 'application/vnd.ms-powerpoint',
}

export function typeOf(file: Pick<File, 'name' | 'type'>): string {
  const ending = file.name.split('.').at(-1)?.toLowerCase() ?? ''
  return BY_ENDING[ending] ?? (file.type === '' ? 'application/octet-stream' : file.type)
}

/** Where an object is read; `name` is what it is saved as. */
export function addressOf(object: { object: string; name: string }): string {
  return `/api/v1/objects/${object.object}?name=${encodeURIComponent(Array.from(object.name).slice(-100).join(''))}`
}

/** Whether every browser shows it as a picture. */
export function isPicture(type: string): boolean {
  return ['image/jpeg', 'image/png', 'image/gif', 'image/webp'].includes(type)
}
