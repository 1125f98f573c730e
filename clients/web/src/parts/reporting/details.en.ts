/** Words of a report's details at the station: fetched with them; English. */
import says from './says.en'

export default {
  ...says,
  kind: 'Kind',
  where: 'Place',
  whereHint: 'Where it is; empty: at this center',
  how: 'Urgency',
  many: 'People concerned',
  manyHint: 'Their number only',
  fewer: 'One less',
  more: 'One more',
  phrase: {
    water: 'The water is rising, help is needed.',
    fire: 'A fire, help is needed.',
    geology: 'Signs of a landslide, help is needed.',
    traffic: 'Traffic jam, not enough hands.',
    health: 'Somebody has a fever, medical help is needed.',
    people: 'Strangers here, help with checking is needed.',
    security: 'A matter for the police.',
    supplies: 'Supplies are short.',
    utilities: 'Water, power or network is cut, repair is needed.',
    other: '',
  },
}
