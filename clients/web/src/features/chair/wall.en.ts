/** Words of the chair on the big screen; they come with them. English. */
export default { paused: 'The meeting is paused', since: 'since {at}' }
