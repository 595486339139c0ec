export const advice = {
  title: 'Advice',
  nothing: 'Nothing to do.',
  steps: 'What to do',
  why: 'Why',
  expected: 'Effect',
  limits: 'Limits',
  severity: { info: 'info', warning: 'warning', critical: 'critical' },
};
