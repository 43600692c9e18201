import { Button, Menu } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { serverClock } from '../../base/clock';
import { Kbd, useWhen } from '../../ui/bits';

const hours = [1, 3, 24] as const;

/** H: set the order aside for a while; it comes back by itself. The deadline goes on. */
export function HoldMenu({
  opened,
  disabled,
  onOpen,
  onChoose,
}: {
  opened: boolean;
  disabled: boolean;
  onOpen: (open: boolean) => void;
  onChoose: (until: string) => void;
}) {
  const { t } = useTranslation();
  const when = useWhen();
  const after = (h: number) =>
    new Date(Math.ceil((serverClock.now() + h * 3_600_000) / 60_000) * 60_000).toISOString();
  return (
    <Menu opened={opened} onChange={onOpen} position="bottom-start">
      <Menu.Target>
        <Button
          size="md"
          disabled={disabled}
          leftSection={<IconPlayerPause size={16} stroke={1.75} />}
          rightSection={<Kbd>H</Kbd>}
        >
          {t('triage.hold')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {hours.map((h) => (
          <Menu.Item key={h} onClick={() => onChoose(after(h))}>
            {t(`triage.hold_${h}`, { time: when(after(h), true) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
