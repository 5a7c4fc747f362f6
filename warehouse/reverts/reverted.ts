/** Reason of a change that undoes what another run did. Its `after` names that run as `reverts`; its versions are written by `restore.ts`, not as a source's are. */
export const REVERTED = '撤銷執行';
