/** ../en/store-mismatch.ts in Korean; the command that shows the way out is the same. */
import { isOfAllHosts, type StoreMismatch, type StorePlace } from '../../ports/group-store.js';

export function mismatchText(mismatch: StoreMismatch, group: string): string {
  const { path } = mismatch;
  switch (mismatch.code) {
    case 'STORE_OF_ANOTHER_CLUSTER':
      return `${path} 저장소는 ${mismatch.storeClusterId} 클러스터를 읽었지만, 이 클러스터는 ${mismatch.clusterId}입니다. 저장소의 내용은 이 로그의 것이 아닙니다. --store로 다른 저장소를 지정하십시오.`;
    case 'OFFSETS_OF_ANOTHER_STORE':
      if (mismatch.used.path === path) {
        return `${group} 그룹은 다른 저장소(${placeText(mismatch.used)}에 있거나 있었던 것)를 씁니다. 그 저장소가 결정한 내용은 지금 이곳의 같은 경로에 있는 저장소에 없습니다. 그 저장소를 되돌려 놓거나 \`coupons store take-over\`를 참고하십시오.`;
      }
      return `${group} 그룹은 다른 저장소(${placeText(mismatch.used)})를 씁니다. 그 저장소가 결정한 내용은 ${path} 저장소에 없습니다. --store로 그 저장소를 지정하거나 \`coupons store take-over\`를 참고하십시오.`;
    case 'OFFSETS_AHEAD_OF_STORE': {
      const { partition, committedOffset, nextOffset } = mismatch.behind;
      const reached =
        nextOffset === null
          ? '그곳에서 아무것도 적용하지 않았습니다'
          : `그곳에서 오프셋 ${nextOffset.toString()}까지만 적용했습니다`;
      return `${group} 그룹은 ${mismatch.topic} 토픽 ${String(partition)}번 파티션에서 오프셋 ${committedOffset.toString()}까지 커밋했지만, ${path} 저장소는 ${reached}. 저장소가 예전 복사본이거나, 다른 프로그램이 이 그룹으로 읽었습니다. \`coupons store take-over\`를 참고하십시오.`;
    }
  }
}

function placeText({ host, path }: StorePlace): string {
  return isOfAllHosts(path) ? path : `${host} 호스트의 ${path}`;
}
