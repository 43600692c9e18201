import { ActionIcon, Button, Popover } from '@mantine/core';
import { IconBell } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { held } from '../base/held';
import { useOrderActions } from '../base/orderActions';
import { Kbd } from '../ui/bits';

/** The same undo as in the toast, for as long as the window is open. */
export function Bell() {
  const { t } = useTranslation();
  const list = held.use();
  const { undo } = useOrderActions();
  return (
    <Popover width={340} position="bottom-end" trapFocus>
      <Popover.Target>
        <ActionIcon aria-label={t('bell.title')} pos="relative">
          <IconBell size={18} stroke={1.75} />
          {list.length > 0 && <span className="bell-dot" />}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p="md">
        <div className="stack">
          <h2>{t('bell.title')}</h2>
          {list.length === 0 && <div className="quiet">{t('bell.empty')}</div>}
          {list.map((h) => (
            <div key={h.toastId} className="row">
              <span className="grow">{h.text}</span>
              <Button size="xs" onClick={() => void undo(h)} rightSection={<Kbd>Ctrl Z</Kbd>}>
                {t('do.undo')}
              </Button>
            </div>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
