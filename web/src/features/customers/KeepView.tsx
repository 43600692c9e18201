import { ActionIcon, Button, Menu, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconDots, IconPencil, IconTrash, IconUser, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { View } from '../../api/types';
import { Submit } from '../../ui/Submit';
import type { useKeptViews } from './useKeptViews';

interface Props {
  query: string;
  /** The view whose filters the address has. */
  now: View | undefined;
  kept: ReturnType<typeof useKeptViews>;
}

/** Gives the filters of the address a name; a view of one's own is renamed, shared or deleted. */
export function KeepView({ query, now, kept }: Props) {
  const { t } = useTranslation();
  const [naming, setNaming] = useState<string | null>(null);
  if (now && !now.mine) return null;
  const save = async () => {
    const name = naming?.trim();
    if (!name) return;
    if (await (now ? kept.edit(now, { name }) : kept.keep(name, query))) setNaming(null);
  };
  const icon = { size: 16, stroke: 1.75 };
  return (
    <Popover
      opened={naming !== null}
      onChange={(open) => !open && setNaming(null)}
      trapFocus
      returnFocus
      position="bottom-start"
    >
      <Popover.Target>
        {now ? (
          <span>
            <Menu position="bottom-start">
              <Menu.Target>
                <ActionIcon aria-label={t('orders.view_menu')} data-testid="view-menu">
                  <IconDots {...icon} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Label>{now.name}</Menu.Label>
                <Menu.Item leftSection={<IconPencil {...icon} />} onClick={() => setNaming(now.name)}>
                  {t('orders.view_rename')}
                </Menu.Item>
                <Menu.Item
                  leftSection={now.shared ? <IconUser {...icon} /> : <IconUsers {...icon} />}
                  onClick={() => void kept.edit(now, { shared: !now.shared })}
                >
                  {t(now.shared ? 'orders.view_unshare' : 'orders.view_share')}
                </Menu.Item>
                <Menu.Item
                  color="red"
                  leftSection={<IconTrash {...icon} />}
                  onClick={() => void kept.drop(now)}
                >
                  {t('orders.view_delete')}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </span>
        ) : (
          <Button
            variant="subtle"
            leftSection={<IconBookmark {...icon} />}
            onClick={() => setNaming(naming === null ? '' : null)}
            data-testid="view-keep"
          >
            {t('customers.view_keep')}
          </Button>
        )}
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className="stack"
          onSubmit={(e) => {
            e.preventDefault();
            void save();
          }}
        >
          <TextInput
            label={t('orders.view_name')}
            value={naming ?? ''}
            maxLength={40}
            data-autofocus
            onChange={(e) => setNaming(e.currentTarget.value)}
          />
          <Submit disabled={!naming?.trim()}>{t('do.save')}</Submit>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
