import type { Words } from '../en/words.js';

/** The failures that an operator is most likely to see; the server's own words, in English, stand below. */
export const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['BROKER_UNREACHABLE', 'Kafka 브로커에 연결할 수 없습니다.'],
  ['BROKER_TIMEOUT', 'Kafka 브로커가 제한 시간 안에 응답하지 않았습니다.'],
  ['AUTHENTICATION_FAILED', 'Kafka 인증에 실패했습니다.'],
  ['TOPIC_NOT_FOUND', '토픽이 없습니다.'],
  ['PARTITION_OFFLINE', '리더가 없는 파티션이 있습니다.'],
  ['NO_ANSWER', '아직 응답이 없습니다. 조회는 계속됩니다.'],
  ['STORE_NOT_FOUND', '저장소가 없습니다.'],
  ['STORE_UNREACHABLE', '저장소 서버에 연결할 수 없습니다.'],
  ['STORE_LOGIN_REFUSED', '저장소 로그인이 거부되었습니다.'],
  ['STORE_BUSY', '다른 프로세스가 저장소를 잠그고 있습니다.'],
  ['STORE_FULL', '저장소의 디스크가 가득 찼습니다.'],
  ['STORE_GONE', '저장소 파일이 삭제되었거나 교체되었습니다.'],
  ['STORE_CORRUPT', '저장소가 손상되었습니다.'],
  ['STORE_FAILED', '저장소 작업에 실패했습니다.'],
  ['STORE_READ_ONLY', '저장소가 읽기 전용입니다.'],
  ['STORE_TOO_MANY_CONNECTIONS', '저장소 서버의 연결 수가 한도에 도달했습니다.'],
  ['STORE_OLDER_VERSION', '저장소의 스키마가 이전 버전입니다.'],
  ['STORE_NEWER_VERSION', '저장소의 스키마가 더 새로운 버전입니다.'],
  ['READ_ONLY', '이 콘솔은 읽기 전용입니다.'],
  ['REPLAY_RUNNING', '다른 재처리가 진행 중입니다.'],
  ['REPLAY_NOT_FOUND', '확인을 기다리는 재처리 계획이 없습니다.'],
  ['PLAN_EXPIRED', '재처리 계획이 만료되었습니다. 다시 계획하세요.'],
  ['LETTER_NOT_FOUND', '그 위치에 DLQ 메시지가 없습니다.'],
  ['LETTERS_REPLACED', 'DLQ 토픽이 삭제되었다가 다시 생성되어 아무것도 보내지 않았습니다.'],
  ['PAGE_NOT_FOUND', '목록의 그 위치를 더 이상 찾을 수 없습니다. 처음부터 다시 보세요.'],
  ['TOO_MANY_VIEWERS', '콘솔을 보는 페이지가 너무 많습니다.'],
]);

export const failures: Words['failures'] = { meaning: (code) => MEANINGS.get(code) ?? '' };
