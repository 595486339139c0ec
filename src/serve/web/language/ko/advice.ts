import type { Words } from '../language.js';

export const advice: Words['advice'] = {
  title: '조언',
  nothing: '할 일이 없습니다.',
  notYet: '그룹을 지켜보는 중입니다. 비교할 값이 모이면 조언이 나옵니다.',
  observed: (time) => `관찰 시간 ${time}`,
  steps: '할 일',
  why: '이유',
  expected: '효과',
  limits: '한계',
  severity: { info: '정보', warning: '주의', critical: '심각' },
};
