/** Words of backup that only desks show; Chinese. */
export default {
  command: { 'backup.make': '备份', 'backup.verify': '核验备份' },
}
