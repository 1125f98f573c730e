/** Words of a tour on the big screen; they come with it. English. */
export default {
  tour: 'Tour', now: 'Now {who}', many: 'Now {count} centers', nobody: 'Nobody is here; waiting', next: 'Next {who}', nextMany: 'Next {who} and others', left: 'changes in {time}', paused: 'The tour is paused', rests: 'The meeting is paused, the tour stands here',
  place: '{place} of {total}',
}
