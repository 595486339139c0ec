/**
 * What a command gives back: nothing, that the check that was asked for did not pass (exit 3), that it could not look at
 * everything, for the broker or the store can't be used (exit 4), or that it was stopped before it had done what it was
 * asked to do (exit 130).
 */
export type CommandResult = undefined | 'check-failed' | 'unreachable' | 'interrupted';
