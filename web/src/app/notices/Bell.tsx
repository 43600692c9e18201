import { ActionIcon } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { useWords } from '../../base/words';
import { held } from '../../base/held';
import { lazyIdle } from '../../base/lazyIdle';
import { DropPanel } from '../../ui/Drop';
import { useNotices } from './useNotices';
import './notices.css';
import { Tip } from '../../ui/Tip';

const Panel = lazyIdle(() => import('./Panel'));

/** Says that something needs attention, or may still be taken back, and opens the panel of it. */
export function Bell() {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const list = held.use();
  const unread = useNotices().notices.data?.unread ?? 0;
  const label = unread ? t('notice.unread', { count: unread }) : t('notice.title');
  return (
    <DropPanel
      opened={open}
      onChange={setOpen}
      width={400}
      position="bottom-end"
      trapFocus
      returnFocus
      withinPortal
      panel={{ p: 0, className: 'notices', 'aria-label': t('notice.title'), 'data-testid': 'notices' }}
      target={(props) => (
        <Tip label={() => label} off={open}>
          <ActionIcon {...props} aria-label={label} pos="relative" data-testid="bell">
            <IconBell size={18} stroke={1.75} />
            {(list.length > 0 || unread > 0) && <span className="bell-dot" />}
          </ActionIcon>
        </Tip>
      )}
    >
      {() => (
        <Suspense>
          <Panel onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </DropPanel>
  );
}
