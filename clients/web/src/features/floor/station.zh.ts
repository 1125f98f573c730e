/** Words of the floor at the station that come when somebody waits; Chinese. */
export default { about: '想说什么事（可不填）', tell: '告诉主席', told: '已告诉主席' }
