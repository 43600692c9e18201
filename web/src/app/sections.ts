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
import type { Permission, Role } from '../api/types';

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
/** The four that stand in the bar of a phone: who watches the money begins with it, the others in the order of the column. */
export function onPhone(sections: Section[], roles: readonly Role[]): Section[] {
  const first = roles.some((r) => r === 'owner' || r === 'accountant')
    ? ['overview', 'orders', 'returns', 'analytics']
    : [];
  const four = [...new Set([...sections.filter((s) => first.includes(s.name)), ...sections])].slice(0, 4);
  return sections.filter((s) => four.includes(s));
}
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
