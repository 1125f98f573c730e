/** Words of retention in 管理; English. */
export default {
  retention: {
    title: 'Retention',
    lead: 'Once its time after the end of the meeting is over a clerk may ask for something to be destroyed, and a person of another role agrees. Left empty it is kept for ever; nothing is deleted by itself.',
    kind: { recordings: 'Recordings', films: 'Films', clips: 'Clips and pictures', packs: 'Hand-overs and evidence bundles', minutes: 'Minutes', speech: 'What was said' },
    about: { recordings: 'of everybody; small pictures and what was said go with them', films: 'of whole meetings', clips: 'cut from recordings', packs: 'hand-overs that still lie on the hub; bundles with recordings go after three days by themselves', minutes: 'texts that were submitted and approved', speech: 'who spoke when, and what was said' },
    days: 'Days',
    forever: 'for ever',
    unit: 'days',
    copy: 'Nothing is destroyed of which no second copy is proven',
    copyNone: 'No second copy is configured: with this nothing can be destroyed.',
    reason: 'By which rule',
    reasonHint: '§ 7 of the archive rules',
    save: 'Put into force',
    saving: 'Saving …',
    saved: 'In force.',
    wrong: 'Days are whole numbers from 1 to 36525; empty is for ever.',
    since: 'set at {at} by {who}: {reason}',
    never: 'Nobody has set any: everything is kept for ever.',
    owner: 'the owner of the system',
    shorter: 'With shorter periods, {kinds} whose time is over may be asked for.',
  },
}
