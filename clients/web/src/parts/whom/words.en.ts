/** Words of choosing whom; they come with it. English. */
export default {
  label: 'For', all: 'All called', level: { city: 'All cities', county: 'All counties', township: 'All townships', village: 'All villages' }, below: '{name} and below',
  one: { stage: 'On the stage: {name}', selected: 'Selected: {name}', arrived: 'Arrived: {name}', ticked: 'Ticked: {name}' }, set: { stage: 'On the stage', selected: 'Selected', arrived: 'Arrived', ticked: 'Ticked' },
  named: 'Named centers', group: 'Group: {name}', counted: '{what} ({count})',
  ofCameras: { all: 'All cameras here', township: 'Cameras of {name}' },
  ofPhones: 'All phones of grid members here',
}
