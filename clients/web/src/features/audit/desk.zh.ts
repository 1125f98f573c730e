/** Words of audit that only desks show; Chinese. */
export default {
  command: { 'audit.verify': '核验台账' },
}
