import { ActionIcon, Popover, Tooltip } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { held } from '../../base/held';
import { lazyIdle } from '../../base/lazyIdle';
import { useNotices } from './useNotices';
import './notices.css';

const Panel = lazyIdle(() => import('./Panel'));

/** Says that something needs attention, or may still be taken back, and opens the panel of it. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const list = held.use();
  const unread = useNotices().notices.data?.unread ?? 0;
  const label = unread ? t('notice.unread', { count: unread }) : t('notice.title');
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={400}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <Tooltip label={label} disabled={open}>
          <ActionIcon
            aria-label={label}
            aria-expanded={open}
            pos="relative"
            onClick={() => setOpen(!open)}
            data-testid="bell"
          >
            <IconBell size={18} stroke={1.75} />
            {(list.length > 0 || unread > 0) && <span className="bell-dot" />}
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p={0} className="notices" aria-label={t('notice.title')} data-testid="notices">
        <Suspense>
          <Panel onClose={() => setOpen(false)} />
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}
