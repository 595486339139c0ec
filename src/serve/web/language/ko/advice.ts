import type { Words } from '../en/words.js';

export const advice: Words['advice'] = {
  title: '조언',
  nothing: (seconds) => `할 일이 없습니다(${seconds}초 동안 관찰).`,
  noStep: '명령 하나로 고칠 수 있는 것은 아닙니다. 발견 항목을 확인하십시오.',
  steps: '할 일',
  why: '이유',
  expected: '효과',
  limits: '한계',
  severity: { info: '정보', warning: '주의', critical: '심각' },
};
