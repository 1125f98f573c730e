/** What was found of files, one wording wherever it is told; English. */
export default {
  whole: 'Whole: it has the digest of the journal',
  changed: 'Changed: bytes are not those that were recorded; it is no evidence',
  short: 'Cut short: it is shorter than the journal tells, its end is lost',
  long: 'Added to: it is longer than the journal tells; what is too much was not recorded',
  missing: 'Gone: the journal tells of it, the disk does not have it',
  open: 'Never closed: recording broke off, it has no digest and plays up to there',
  orphan: 'Of unknown origin: the journal tells of no such file',
  todo: {
    changed: 'Leave the folder of recordings as it is and tell the system administrator; a backup may have it.',
    short: 'Tell the system administrator; a backup may have it.',
    missing: 'Tell the system administrator; a backup may have it.',
    orphan: 'Tell the system administrator, and find out where it comes from first.',
  },
  of: { part: '{name}, from {at}', object: 'a file of the meeting (minutes, attachment)', file: '{file}' },
}
