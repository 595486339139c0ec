import type { Words } from '../en/words.js';

export const advice: Words['advice'] = {
  title: '조언',
  nothing: '할 일이 없습니다.',
  steps: '할 일',
  why: '이유',
  expected: '효과',
  limits: '한계',
  severity: { info: '정보', warning: '주의', critical: '심각' },
};
