/** Words of the pages of plans; they come with them. English. */
import type { Translated } from '../words'
import type zh from './pages.zh'

export default {
  title: 'Plans',
  lead: 'Write down beforehand whom an event of some kind calls, who leads, what is shown, ordered and asked; then one key starts it.',
  new: 'New plan', back: 'Back to meetings', reading: 'Reading the plans…', failed: 'The plans cannot be read ({why}). It is tried again.',
  none: 'There is no plan yet. Write one: a flash flood, for example, that calls the villages along the river, shows a warning and orders people to move.',
  choose: 'Choose a plan at the left', gone: 'This plan has been deleted',
  list: { called: 'calls {count} centers', orders: '{count} orders', tasks: '{count} tasks', saved: 'saved by {name}, {time}' },
  event: 'Kind of event', noEvent: 'no kind',
  section: { name: 'Name', who: 'Whom it calls', meeting: 'Meeting', roles: 'Who leads', banner: 'Banner', orders: 'Orders', tasks: 'Routine tasks' },
  detail: {
    secret: 'Secret',
    start: 'Start the plan', change: 'Change', remove: 'Delete', copy: 'Save a copy', calls: '{names} and others, {count} centers', callsFew: '{names}', nobody: 'There is nobody to call now',
    group: 'Group: {name}', lostGroup: 'a group that was deleted', record: 'recorded from the start', noRecord: 'not recorded', chair: 'Who starts it is the chair', backup: 'Backup chair: {who}', co: 'Co-chairs: {who}', noRoles: 'No backup chair, no co-chairs',
    noBanner: 'No banner', noOrders: 'No orders', noTasks: 'No routine tasks', to: 'For: {whom}', due: 'within {span}', noDue: 'no date', whom: 'all that are called', some: '{count} centers',
    removeTitle: 'Delete the plan “{name}”?', removeSays: 'Nobody of your center can use it any more; meetings that were held stay as they are.', removeDo: 'Delete',
  },
  span: { minutes: '{count} minutes', hours: '{count} hours', days: '{count} days' },
  priority: { normal: 'Normal', urgent: 'Urgent', critical: 'Critical' },
  style: { notice: 'Notice', warning: 'Warning' },
  form: {
    secret: 'Secret (for cleared people alone)',
    make: 'New plan', change: 'Change the plan', name: 'Name of the plan', nameHint: 'For example: flash flood', event: 'Kind of event', eventHint: 'For example: flash flood, forest fire, spill', meeting: 'Title of the meeting', kind: 'Kind of meeting', record: 'Record from the start',
    groups: 'Groups (as they are when it is started)', backup: 'Backup chair', co: 'Co-chairs', pick: 'Find by name or center', add: 'Add', nobodyYet: 'nobody', banner: 'Show a banner from the start', bannerText: 'Words of the banner', style: 'Style',
    order: 'Order {n}', text: 'What is to be done', priority: 'Priority', due: 'To be done within', noDue: 'no date', whom: 'For', named: 'Named centers', namedFind: 'Find a center that is called', addOrder: 'Add an order', up: 'Up', down: 'Down', drop: 'Take out',
    task: 'Task {n}', taskTitle: 'What is asked', taskText: 'More of it', taskDue: 'To be answered within', addTask: 'Add a task',
    save: 'Save the plan', saving: 'Saving…', stale: '{who} has saved this plan while you changed it. Look at it first.', look: 'Show it', leaveTitle: 'Not saved yet', unsaved: 'What you wrote is not saved. It is lost when you leave.', stay: 'Stay', leave: 'Leave without saving',
  },
  problem: { name: 'Give the plan a name (30 characters at most)', title: 'Give the meeting a title', who: 'Choose at least one center or group', banner: 'Write the banner (57 characters at most), or show none', order: 'Write what is to be done', task: 'Write what is asked', whom: 'Name at least one center', some: 'There is more to fill in: {count}' },
  start: {
    title: 'Start the plan “{name}”', mode: 'This time it is', real: 'Real', drill: 'A drill', realSays: 'Handled in earnest, and counted.', drillSays: 'Marked as a drill everywhere, and not counted; banner and tasks begin with 演练：.', choose: 'Choose real or drill first',
    calls: 'Calls {count} centers: {names}', callsFew: 'Calls {names}', nobody: 'There is nobody to call now: it cannot be started', rings: 'Their stations ring at once; you chair the meeting', record: 'The meeting is recorded', noRecord: 'The meeting is not recorded', roles: 'Names who leads', banner: 'Shows the banner', orders: 'Issues {count} orders', tasks: 'Gives {count} routine tasks',
    busy: '{count} of them are in the meeting “{title}”', leaves: 'You leave “{title}”; it goes on, and can be entered again', what: 'It does this; take out what is not wanted',
    doReal: 'Start for real, call {count} centers', doDrill: 'Start the drill, call {count} centers', doing: 'Starting…',
  },
} satisfies Translated<typeof zh>
