/** Words of errands that stand in the frame; what their page shows is fetched with it; Chinese. */
export default { room: '代办' }
