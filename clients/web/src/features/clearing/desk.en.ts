/** Words of lists of people that stand in the frame. English. */
import type { Translated } from '../words'
import type zh from './desk.zh'

export default {
  room: 'Lists',
  command: { 'clearing.issue': 'Give out a list', 'clearing.take': 'Receive a list', 'clearing.report': 'Report rows', 'clearing.assign': 'Give rows to a grid', 'clearing.unmask': 'Read who it is', 'clearing.delete': 'Take a list back' },
  entry: { 'clearing.loaded': 'List loaded', 'clearing.issued': 'List given out', 'clearing.taken': 'List received', 'clearing.reported': 'Rows reported', 'clearing.unmasked': 'Read who it is', 'clearing.deleted': 'List deleted' },
} satisfies Translated<typeof zh>
