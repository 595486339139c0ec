import type { SkipCode } from '../../dead-letters/replay/plan.js';

/** Why a letter is not sent again. */
export const SKIPPED_BECAUSE: Readonly<Record<SkipCode, string>> = {
  ALREADY_REPLAYED: '이미 재처리했습니다. --again을 주면 다시 보냅니다',
  REPLAYED_TOO_OFTEN: '너무 여러 번 재처리했습니다. --again을 주면 그래도 보냅니다',
  NOT_A_REQUEST: '다시 실패할 요청입니다. 프로듀서를 고치십시오',
  ORIGINAL_LOST: '데드 레터에서 잘렸고, 원본은 로그에서 삭제되었습니다',
  NO_SUCH_TOPIC: '돌아갈 토픽이 없습니다',
  OTHER_TOPIC: '다른 토픽에서 왔다고 합니다. --allow-topic을 주면 그 토픽으로 보냅니다',
  TOO_LARGE: '토픽이 받는 크기를 넘습니다',
  ALREADY_DECIDED: '이미 판정되어 다시 보내도 달라지지 않습니다. --again을 주면 그래도 보냅니다',
  WOULD_BE_REJECTED: '거절로 확정될 요청입니다. --include-rejected를 주면 그래도 보냅니다',
};
