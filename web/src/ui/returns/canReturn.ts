import type { HubStatus } from '../../api/types';

/** What has reached its buyer may come back. */
export const canReturn = (status: HubStatus) =>
  ['delivered', 'completed', 'partly_returned', 'returned'].includes(status);
