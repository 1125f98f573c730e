/** Words of what a report says besides its text: fetched with what shows them; English. */
export default {
  category: { water: 'Water', fire: 'Fire', geology: 'Landslide', traffic: 'Traffic', health: 'Health', people: 'Strangers', security: 'Security', supplies: 'Supplies', utilities: 'Utilities', other: 'Other' },
  urgency: { normal: 'Normal', urgent: 'Urgent', critical: 'Critical' },
  persons: '{count} people',
  task: 'Routine task',
}
