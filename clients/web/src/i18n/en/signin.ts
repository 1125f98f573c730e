/** Words of the sign-in page. */
export default {
  title: 'Sign in',
  username: 'Account',
  password: 'Password',
  submit: 'Sign in',
  submitting: 'Signing in…',
  showPassword: 'Show password',
  hidePassword: 'Hide password',
  wrong: 'Account or password is wrong, please try again',
  tooMany: 'Too many failed attempts, please wait {minutes} minutes',
  intro: 'Live video dispatch from city to village',
  needBoth: 'Please enter account and password',
}
