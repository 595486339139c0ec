import type { Words } from '../en/words.js';

export const charts: Words['charts'] = {
  title: '추이',
  none: '아직 요청이 없습니다. 보내려면:',
  span: '기간',
  spans: { recent: '15분', all: '전체' },
  flow: '요청과 결과',
  flowIn: '들어온 요청',
  flowOut: '처리 결과',
  lag: 'Lag',
  lagSeries: '레코드',
  latency: '대기 시간',
  p50: '발급 p50',
  p99: '발급 p99',
  waited: '가장 오래된 미처리',
  latest: (name, figures) => `${name}, 최근 값: ${figures}`,
};
