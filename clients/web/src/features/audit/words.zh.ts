/** Words of the audit; Chinese. */
export default {
  command: { 'audit.verify': '核验台账' },
}
