import { ActionIcon, Button, Menu, Popover, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconDots, IconFlame, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { patch, post, remove } from '../../api/client';
import { keys } from '../../api/keys';
import type { View } from '../../api/types';
import { formatCount } from '../../base/format';
import { useProblemText } from '../../base/problem';
import { toast } from '../../base/toasts';
import { Kbd, useLang } from '../../ui/bits';

/** System views have their names in the messages; own views are named by people. */
export function useViewName() {
  const { t, i18n } = useTranslation();
  return (view: View) =>
    view.system && view.key && i18n.exists(`view.${view.key}`) ? t(`view.${view.key}`) : view.name;
}

interface Props {
  views: View[];
  current: View | undefined;
  changed: boolean;
  query: string;
  onChoose: (view: View) => void;
  onReset: () => void;
}

export function ViewTabs({ views, current, changed, query, onChoose, onReset }: Props) {
  const { t } = useTranslation();
  const lang = useLang();
  const nameOf = useViewName();
  const client = useQueryClient();
  const problem = useProblemText();
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const done = () => void client.invalidateQueries({ queryKey: keys.views });
  const failed = (error: unknown) => void toast(problem(error), { tone: 'error' });
  const create = useMutation({
    mutationFn: () => post<View>('/api/views', { name, query, shared: false }),
    onSuccess: (view) => {
      setNaming(false);
      setName('');
      done();
      onChoose(view);
    },
    onError: failed,
  });
  const change = useMutation({
    mutationFn: (body: object) => patch<View>(`/api/views/${current?.id}`, body, current?.version),
    onSuccess: done,
    onError: failed,
  });
  const drop = useMutation({
    mutationFn: (view: View) => remove(`/api/views/${view.id}`, view.version),
    onSuccess: () => {
      done();
      if (views[0]) onChoose(views[0]);
    },
    onError: failed,
  });
  const own = current && !current.system && current.mine;
  return (
    <div className="tabs">
      <div className="tabs-list" role="tablist" aria-label={t('orders.views')}>
        {views.map((view, i) => (
          <button
            key={view.id}
            type="button"
            role="tab"
            data-testid={`view-tab-${i + 1}`}
            aria-selected={view.id === current?.id}
            onClick={() => onChoose(view)}
            title={i < 9 ? String(i + 1) : undefined}
          >
            {nameOf(view)}
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
      {own && (
        <Menu position="bottom-start">
          <Menu.Target>
            <ActionIcon size={26} aria-label={t('orders.view_menu')}>
              <IconDots size={16} stroke={1.75} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => change.mutate({ shared: !current.shared })}>
              {t(current.shared ? 'orders.view_unshare' : 'orders.view_share')}
            </Menu.Item>
            <Menu.Item color="red" onClick={() => drop.mutate(current)}>
              {t('orders.view_delete')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {changed && (
        <span className="row">
          <span className="caption">{t('orders.changed')}</span>
          {own && (
            <Button size="xs" onClick={() => change.mutate({ query })}>
              {t('do.save')}
            </Button>
          )}
          <Button size="xs" variant="subtle" onClick={onReset}>
            {t('do.reset')}
          </Button>
        </span>
      )}
      <Popover opened={naming} onChange={setNaming} trapFocus width={300}>
        <Popover.Target>
          <Button
            size="xs"
            variant="subtle"
            color="accent"
            leftSection={<IconPlus size={14} stroke={1.9} />}
            onClick={() => setNaming(true)}
          >
            {t('orders.view_add')}
          </Button>
        </Popover.Target>
        <Popover.Dropdown p="md">
          <form
            className="stack"
            onSubmit={(e) => {
              e.preventDefault();
              if (name.trim()) create.mutate();
            }}
          >
            <TextInput
              label={t('orders.view_name')}
              description={t('orders.view_hint')}
              value={name}
              onChange={(e) => setName(e.target.value)}
              maxLength={60}
              data-autofocus
            />
            <Button type="submit" variant="filled" loading={create.isPending} disabled={!name.trim()}>
              {t('do.save')}
            </Button>
          </form>
        </Popover.Dropdown>
      </Popover>
      <span className="tabs-keys caption">
        {t('orders.view_by_key')} <Kbd>1</Kbd> … <Kbd>{Math.min(9, views.length)}</Kbd>
      </span>
    </div>
  );
}
