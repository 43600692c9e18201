import type { FoundOrder, SearchReply } from '../../api/types';

/* One line of the palette. */
export interface Entry {
  key: string;
  group: string;
  body: React.ReactNode;
  run: () => void;
  /** What Tab opens the actions of. */
  about?:
    | { kind: 'order'; row: FoundOrder }
    | { kind: 'customer'; row: SearchReply['customers'][number] }
    | undefined;
}
