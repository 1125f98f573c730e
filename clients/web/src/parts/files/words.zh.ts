/** What was found of files, one wording wherever it is told; Chinese. */
export default {
  whole: '完好：与台账记录的摘要一致',
  changed: '内容被改动：有字节与录制时不同，不能作为证据',
  short: '不完整：文件比台账记录的短，后面一段丢失',
  long: '被追加：文件比台账记录的长，多出的内容不是录像',
  missing: '文件不见了：台账有记录，磁盘上没有',
  open: '未收尾：录像中断，没有摘要，只能播放到中断处',
  orphan: '来历不明：台账里没有这个文件的记录',
  todo: {
    changed: '请勿改动录像文件夹，告知系统管理员；有备份的可从备份取回。',
    short: '请告知系统管理员；有备份的可从备份取回。',
    missing: '请告知系统管理员；有备份的可从备份取回。',
    orphan: '请告知系统管理员，查明来历后再处理。',
  },
  of: { part: '{name}，{at} 开始', object: '会议的文件（纪要正文、附件）', file: '{file}' },
}
