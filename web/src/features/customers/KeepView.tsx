import { Button, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconBookmarkOff } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Submit } from '../../ui/Submit';
import type { KeptView } from './useKeptViews';

interface Props {
  query: string;
  now: KeptView | undefined;
  keep: (view: KeptView) => void;
  drop: (query: string) => void;
}

/** Gives the filters of the address a name, or takes it away again. */
export function KeepView({ query, now, keep, drop }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  if (now)
    return (
      <Button
        variant="subtle"
        leftSection={<IconBookmarkOff size={16} stroke={1.75} />}
        onClick={() => drop(query)}
        data-testid="view-drop"
      >
        {t('customers.view_drop')}
      </Button>
    );
  return (
    <Popover opened={open} onChange={setOpen} trapFocus returnFocus>
      <Popover.Target>
        <Button
          variant="subtle"
          leftSection={<IconBookmark size={16} stroke={1.75} />}
          onClick={() => setOpen((is) => !is)}
          data-testid="view-keep"
        >
          {t('customers.view_keep')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            keep({ name: name.trim(), query });
            setOpen(false);
            setName('');
          }}
        >
          <TextInput
            label={t('orders.view_name')}
            value={name}
            maxLength={40}
            data-autofocus
            onChange={(e) => setName(e.currentTarget.value)}
          />
          <Submit disabled={!name.trim()}>{t('do.save')}</Submit>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
