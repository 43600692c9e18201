import type { QueueRow, SearchReply } from '../../api/types';

/* One line of the palette. */
export interface Entry {
  key: string;
  group: string;
  body: React.ReactNode;
  run: () => void;
  /** What Tab opens the actions of. */
  about?:
    | { kind: 'order'; row: QueueRow }
    | { kind: 'customer'; row: SearchReply['customers'][number] }
    | undefined;
}
