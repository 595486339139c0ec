import { usePage } from '../page.js';

interface MemberNameProps {
  readonly memberId: string;
  /** Kafka allows an empty one. */
  readonly clientId: string;
  readonly host?: string | null;
}

/** A member by its client id; its member id is in the tooltip. */
export function MemberName({ memberId, clientId, host = null }: MemberNameProps) {
  const { partitions } = usePage().words;
  return (
    <span class="foreign one-line" title={memberId}>
      {clientId === '' ? partitions.noClientId : clientId}
      {host !== null && <span class="quiet"> {host}</span>}
    </span>
  );
}
