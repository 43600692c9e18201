import { ActionIcon, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCheck,
  IconCloudOff,
  IconFlame,
  IconInbox,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../api/types';
import { formatNumber } from '../../base/format';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { When } from '../../ui/bits';

type Entry = Notice['entries'][number];
const icons: Record<Entry['kind'], typeof IconFlame> = {
  red: IconFlame,
  breached: IconAlertOctagon,
  refused: IconAlertTriangle,
  dead: IconAlertTriangle,
  stopped: IconCloudOff,
  failing: IconCloudOff,
  parked: IconInbox,
};
const loud: Entry['kind'][] = ['red', 'breached', 'dead', 'stopped'];

function useEntryText() {
  const { t, i18n } = useTranslation();
  return (e: Entry): string => {
    if (e.kind === 'parked') return t('notice.parked', { count: e.count });
    if (e.kind === 'refused' || e.kind === 'dead')
      return t(`notice.${e.kind}`, { action: t(`action.${e.text}`) });
    if (e.kind === 'red' || e.kind === 'breached')
      return e.text && i18n.exists(`step.${e.text}`)
        ? t(`notice.${e.kind}_step`, { step: t(`step.${e.text}`) })
        : t(`notice.${e.kind}`);
    return t(`notice.${e.kind}`);
  };
}

/** One order or channel, and all that happened to it. */
export function NoticeRow({
  notice,
  onRead,
  onOpen,
}: {
  notice: Notice;
  onRead: () => void;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const text = useEntryText();
  const to = notice.object === 'order' ? `/orders/${notice.id}` : `/settings/channels/${notice.id}`;
  const title = notice.object === 'order' ? formatNumber(notice.title) : notice.title;
  return (
    <li className="notice-row" data-read={notice.read} data-testid={`notice-${notice.id}`}>
      <span className="notice-mark" aria-hidden />
      <ChannelBadge channel={notice.channel} />
      <Link to={to} className="notice-body" onClick={onOpen}>
        <span className="strong num">{title}</span>
        {!notice.read && <span className="only-read">{t('notice.new')}</span>}
        {notice.entries.map((e) => {
          const Icon = icons[e.kind];
          return (
            <span key={e.kind + e.at} className={`notice-line ${loud.includes(e.kind) ? 'bad' : 'warn'}`}>
              <Icon size={14} stroke={1.9} aria-hidden />
              {text(e)}
            </span>
          );
        })}
      </Link>
      <span className="caption">
        <When at={notice.at} time />
      </span>
      <span className="notice-do">
        {!notice.read && (
          <Tooltip label={t('notice.read')}>
            <ActionIcon size={26} aria-label={t('notice.mark', { title })} onClick={onRead}>
              <IconCheck size={15} stroke={1.9} aria-hidden />
            </ActionIcon>
          </Tooltip>
        )}
      </span>
    </li>
  );
}
