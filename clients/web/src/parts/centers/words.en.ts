/** Words of choosing centers; English. */
export default {
  who: 'Centers', chosen: '{count} chosen', nobody: 'Nobody is chosen yet', presets: { counties: 'All counties', townships: 'All townships', all: 'Everybody', none: 'Clear' },
  groups: 'Groups', reach: { township: '{name} to townships', village: '{name} to villages', county: '{name} to counties' }, only: { county: 'counties of {name}', township: 'townships of {name}', village: 'villages of {name}', city: '{name}' },
  single: '{count} one by one', drop: 'Take out {what}',
}
