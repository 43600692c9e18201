import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import {
  IconArrowLeft,
  IconArrowRight,
  IconCopy,
  IconDots,
  IconFlame,
  IconPencil,
  IconPlus,
  IconTrash,
  IconUser,
  IconUsers,
} from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useWords } from '../../base/words';
import type { View } from '../../api/types';
import { formatCount } from '../../base/format';
import { Kbd, useLang } from '../../ui/bits';
import { DropMenu, DropPanel } from '../../ui/Drop';
import { useViewChanges } from './useViewChanges';
import { viewRef } from './address';
import { movedPlaces } from './views';
import { Submit } from '../../ui/Submit';

/** System views have their names in the messages; own views are named by people. */
export function useViewName() {
  const { t, i18n } = useWords();
  return (view: View) =>
    view.system && view.key && i18n.exists(`view.${view.key}`) ? t(`view.${view.key}`) : view.name;
}

interface Props {
  views: View[];
  current: View | undefined;
  changed: boolean;
  query: string;
  /** Whether the menu of the current view is open: also a key opens it. */
  menu: boolean;
  onMenu: (open: boolean) => void;
  onChoose: (view: View) => void;
  onReset: () => void;
}

type Naming = { what: 'add' | 'rename'; name: string };

function Tabs({ views, current, changed, query, menu, onMenu, onChoose, onReset }: Props) {
  const { t } = useWords();
  const lang = useLang();
  const nameOf = useViewName();
  const { create, edit, move, drop, busy } = useViewChanges(views, onChoose);
  const [naming, setNaming] = useState<Naming | null>(null);
  const own = current && !current.system && current.mine;

  const named = async () => {
    const name = naming?.name.trim();
    if (!name || busy) return;
    const made =
      naming?.what === 'rename' && current ? await edit(current, { name }) : await create(name, query);
    if (made) setNaming(null);
  };
  const save = async () => {
    if (!own) return setNaming({ what: 'add', name: '' });
    if (await edit(current, { query })) onReset();
  };
  const arrows = (event: React.KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const tabs = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
    const by = event.key === 'ArrowLeft' ? -1 : 1;
    const next = tabs[tabs.indexOf(event.target as HTMLElement) + by];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
  };
  const moveBy = (by: 1 | -1) => {
    if (!current) return null;
    const places = movedPlaces(views, current, by);
    const Icon = by < 0 ? IconArrowLeft : IconArrowRight;
    return (
      <Menu.Item
        leftSection={<Icon size={16} stroke={1.75} />}
        disabled={places.length === 0}
        onClick={() => void move(places)}
      >
        {t(by < 0 ? 'orders.view_left' : 'orders.view_right')}
      </Menu.Item>
    );
  };

  return (
    <div className="tabs">
      <div className="tabs-list" role="tablist" aria-label={t('orders.views')} onKeyDown={arrows}>
        {views.map((view, i) => (
          <button
            key={viewRef(view)}
            type="button"
            role="tab"
            data-testid={`view-tab-${i + 1}`}
            aria-selected={view === current}
            onClick={() => onChoose(view)}
            onContextMenu={(e) => {
              e.preventDefault();
              if (view !== current) onChoose(view);
              onMenu(true);
            }}
            title={i < 9 ? String(i + 1) : undefined}
          >
            {nameOf(view)}
            {view.shared && !view.system && (
              <IconUsers size={13} stroke={1.75} aria-label={t('orders.view_shared')} />
            )}
            <span className="tabs-count num">{formatCount(view.count, lang)}</span>
            {view.red > 0 && (
              <span className="nav-red num">
                <IconFlame size={12} stroke={2} aria-hidden />
                {view.red}
              </span>
            )}
          </button>
        ))}
      </div>
      {current && (
        <DropMenu
          position="bottom-start"
          opened={menu}
          onChange={onMenu}
          width={220}
          target={(props) => (
            <ActionIcon
              {...props}
              size={26}
              aria-label={t('orders.view_menu')}
              title="V"
              data-testid="view-menu"
            >
              <IconDots size={16} stroke={1.75} />
            </ActionIcon>
          )}
        >
          {() => (
            <>
              <Menu.Label>{nameOf(current)}</Menu.Label>
              {own && (
                <Menu.Item
                  leftSection={<IconPencil size={16} stroke={1.75} />}
                  onClick={() => setNaming({ what: 'rename', name: current.name })}
                >
                  {t('orders.view_rename')}
                </Menu.Item>
              )}
              <Menu.Item
                leftSection={<IconCopy size={16} stroke={1.75} />}
                onClick={() => void create(t('orders.view_copy', { name: nameOf(current) }), query)}
              >
                {t('orders.view_duplicate')}
              </Menu.Item>
              {own && (
                <>
                  <Menu.Item
                    leftSection={
                      current.shared ? (
                        <IconUser size={16} stroke={1.75} />
                      ) : (
                        <IconUsers size={16} stroke={1.75} />
                      )
                    }
                    onClick={() => void edit(current, { shared: !current.shared })}
                  >
                    {t(current.shared ? 'orders.view_unshare' : 'orders.view_share')}
                  </Menu.Item>
                  {moveBy(-1)}
                  {moveBy(1)}
                  <Menu.Divider />
                  <Menu.Item
                    color="red"
                    leftSection={<IconTrash size={16} stroke={1.75} />}
                    onClick={() => void drop(current)}
                  >
                    {t('orders.view_delete')}
                  </Menu.Item>
                </>
              )}
            </>
          )}
        </DropMenu>
      )}
      {changed && (
        <span className="row" data-testid="view-changed">
          <span className="caption">{t('orders.changed')}</span>
          <Button size="xs" onClick={() => void save()} loading={busy}>
            {t('do.save')}
          </Button>
          <Button size="xs" variant="subtle" onClick={onReset}>
            {t('do.reset')}
          </Button>
        </span>
      )}
      <DropPanel
        opened={naming !== null}
        onChange={(open) => !open && setNaming(null)}
        trapFocus
        width={300}
        panel={{ p: 'md' }}
        target={(props) => (
          <Button
            {...props}
            size="xs"
            variant="subtle"
            color="accent"
            leftSection={<IconPlus size={14} stroke={1.9} />}
            onClick={() => setNaming({ what: 'add', name: '' })}
          >
            {t('orders.view_add')}
          </Button>
        )}
      >
        {() => (
          <form
            className="stack"
            onSubmit={(e) => {
              e.preventDefault();
              void named();
            }}
          >
            <TextInput
              label={t('orders.view_name')}
              description={naming?.what === 'add' ? t('orders.view_hint') : undefined}
              value={naming?.name ?? ''}
              onChange={(e) => setNaming((n) => (n ? { ...n, name: e.target.value } : n))}
              maxLength={60}
              data-autofocus
            />
            <Submit loading={busy} disabled={!naming?.name.trim()}>
              {t('do.save')}
            </Submit>
          </form>
        )}
      </DropPanel>
      <span className="tabs-keys caption">
        {t('orders.view_by_key')} <Kbd>1</Kbd> … <Kbd>{Math.min(9, views.length)}</Kbd>
      </span>
    </div>
  );
}

/** Not drawn anew while somebody walks the rows. */
export const ViewTabs = memo(Tabs);
