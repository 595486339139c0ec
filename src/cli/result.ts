/** What a command gives back: nothing, or that the check that was asked for did not pass (exit 3). */
export type CommandResult = undefined | 'check-failed';
