export const advice = {
  title: 'Advice',
  nothing: (seconds: string) => `Nothing to do: observed for ${seconds} s.`,
  noStep: 'No command fixes this by itself: see the findings.',
  steps: 'What to do',
  why: 'Why',
  expected: 'Effect',
  limits: 'Limits',
  severity: { info: 'info', warning: 'warning', critical: 'critical' },
};
