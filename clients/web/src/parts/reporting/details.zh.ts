/** Words of a report's details at the station: fetched with them; Chinese. */
import says from './says.zh'

export default {
  ...says,
  kind: '类别',
  where: '地点',
  whereHint: '在哪里，如“北堤 3 组”；不填即本中心',
  how: '紧急程度',
  many: '涉及人数',
  manyHint: '只填人数',
  fewer: '少一人',
  more: '多一人',
  phrase: {
    water: '水位上涨，请求支援。',
    fire: '发现火情，请求支援。',
    geology: '发现滑坡险情，请求支援。',
    traffic: '车辆拥堵，人手不足。',
    health: '有人发热，需要医务人员。',
    people: '有外来人员，需要协助核查。',
    security: '有治安情况，需要民警。',
    supplies: '物资不足，请求补充。',
    utilities: '停水停电或断网，请求抢修。',
    other: '',
  },
}
