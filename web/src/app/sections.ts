import {
  IconArrowBackUp,
  IconChartBar,
  IconChecklist,
  IconLayoutDashboard,
  IconLayoutKanban,
  IconReceipt,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react';
import type { Permission } from '../api/types';

/* Sections that exist. What a role may not see is absent from navigation, palette and search. */
export interface Section {
  name: string;
  to: string;
  icon: typeof IconReceipt;
  go: string;
  needs: Permission | null;
  /** Reached by keys and the palette; in the column it belongs to another section. */
  inside?: boolean;
}

export const workSections: Section[] = [
  { name: 'overview', to: '/', icon: IconLayoutDashboard, go: 'KeyD', needs: 'orders.see' },
  { name: 'orders', to: '/orders', icon: IconReceipt, go: 'KeyO', needs: 'orders.see' },
  {
    name: 'board',
    to: '/orders/board',
    icon: IconLayoutKanban,
    go: 'KeyB',
    needs: 'orders.see',
    inside: true,
  },
  { name: 'returns', to: '/returns', icon: IconArrowBackUp, go: 'KeyR', needs: 'returns.see' },
  { name: 'tasks', to: '/tasks', icon: IconChecklist, go: 'KeyZ', needs: 'orders.see' },
  { name: 'customers', to: '/customers', icon: IconUsers, go: 'KeyC', needs: 'customers.see' },
  { name: 'analytics', to: '/analytics', icon: IconChartBar, go: 'KeyN', needs: 'prices.see' },
];
export const settingsSection: Section = {
  name: 'settings',
  to: '/settings',
  icon: IconSettings,
  go: 'Comma',
  needs: null,
};

export interface SettingsPart {
  name: string;
  needs: Permission | null;
}
export const settingsParts: SettingsPart[] = [
  { name: 'start', needs: 'settings' },
  { name: 'shop', needs: 'settings' },
  { name: 'channels', needs: 'settings' },
  { name: 'outbox', needs: 'orders.see' },
  { name: 'deadlines', needs: 'settings' },
  { name: 'returns', needs: 'settings' },
  { name: 'users', needs: 'users' },
  { name: 'keys', needs: 'settings' },
  { name: 'audit', needs: 'audit' },
  { name: 'profile', needs: null },
];
