export const advice = {
  title: 'Advice',
  nothing: 'Nothing to do.',
  notYet: 'Watching the group: advice comes once there are readings to compare.',
  observed: (time: string) => `observed for ${time}`,
  steps: 'What to do',
  why: 'Why',
  expected: 'Effect',
  limits: 'Limits',
  severity: { info: 'info', warning: 'warning', critical: 'critical' },
};
