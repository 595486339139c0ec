/** DeleteGroups (42): only what has no members. */
import { api } from '../../api.js';
import * as t from '../../wire/codec.js';
import { ErrorCode } from '../../wire/error-code.js';

export const deleteGroups = api({
  request: t.struct({ groups: t.array(t.string) }),
  response: t.struct({
    throttleTimeMs: t.throttleTimeMs(),
    results: t.array(t.struct({ groupId: t.string, errorCode: t.int16 })),
  }),
  handle(request, { storage, groups }) {
    const answers = (answer: (groupId: string) => number) => ({
      results: request.groups.map((groupId) => ({ groupId, errorCode: answer(groupId) })),
    });
    const remove = (groupId: string) => {
      if (!groups.exists(groupId)) return ErrorCode.GROUP_ID_NOT_FOUND;
      if (groups.find(groupId)?.isEmpty === false) return ErrorCode.NON_EMPTY_GROUP;
      storage.groupOffsets.deleteGroup(groupId);
      groups.forget(groupId);
      return ErrorCode.NONE;
    };
    return storage.commits.submit(
      () => answers(remove),
      () => answers(() => ErrorCode.KAFKA_STORAGE_ERROR),
    );
  },
  refuse: ({ groups }, { errorCode }) => ({
    results: groups.map((groupId) => ({ groupId, errorCode })),
  }),
});
