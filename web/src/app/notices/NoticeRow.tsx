import { ActionIcon, Tooltip } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconChartBar,
  IconCheck,
  IconCloudOff,
  IconFlame,
  IconGauge,
  IconInbox,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Notice } from '../../api/types';
import { formatNumber } from '../../base/format';
import { hundredths } from '../../base/hundredths';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { useLang, When } from '../../ui/bits';

type Entry = Notice['entries'][number];
const icons: Record<Entry['kind'], typeof IconFlame> = {
  red: IconFlame,
  breached: IconAlertOctagon,
  refused: IconAlertTriangle,
  dead: IconAlertTriangle,
  stopped: IconCloudOff,
  failing: IconCloudOff,
  parked: IconInbox,
  limit_near: IconGauge,
  limit_over: IconGauge,
  reason_grows: IconChartBar,
};
const loud: Entry['kind'][] = ['red', 'breached', 'dead', 'stopped', 'limit_over'];

/** Where each kind of object is shown. */
const pages: Record<Notice['object'], (id: string) => string> = {
  order: (id) => `/orders/${id}`,
  return: (id) => `/returns/${id}`,
  claim: (id) => `/returns/claims/${id}`,
  account: (id) => `/settings/channels/${id}`,
  alarm: () => '/analytics/standing',
};

/** What stands against its limit, with the numbers at which it crossed it. */
function useAlarmText() {
  const { t } = useTranslation();
  const lang = useLang();
  return ({ kind, text, facts }: Entry): string => {
    if (kind === 'reason_grows')
      return t('notice.reason_grows', {
        reason: t(`notice.about_${text ?? 'other'}`),
        count: facts?.count ?? 0,
        all: facts?.all ?? 0,
      });
    const unit = text === 'rating' ? '' : ' %';
    const numbers = {
      figure: t(`notice.about_${text ?? 'rating'}`),
      value: hundredths(facts?.value ?? 0, lang) + unit,
      limit: hundredths(facts?.limit ?? 0, lang) + unit,
    };
    if (kind === 'limit_over') return t('notice.limit_over', numbers);
    const until = facts?.until ?? 0;
    return until > 0 ? t('notice.limit_near', { ...numbers, until }) : t('notice.limit_close', numbers);
  };
}

function useEntryText() {
  const { t, i18n } = useTranslation();
  const alarm = useAlarmText();
  return (e: Entry): string => {
    if (e.kind === 'limit_near' || e.kind === 'limit_over' || e.kind === 'reason_grows') return alarm(e);
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

/** People know a return and a claim by their order. */
function useTitle({ object, title }: Notice): string {
  const { t } = useTranslation();
  if (object === 'order') return formatNumber(title);
  return object === 'return' || object === 'claim'
    ? t(`notice.${object}`, { title: formatNumber(title) })
    : title;
}

/** One order, return, claim, channel or limit, and all that happened to it. */
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
  const reason = notice.entries[0]?.kind === 'reason_grows';
  const to = reason ? '/analytics/returns' : pages[notice.object](notice.id);
  const title = useTitle(notice);
  return (
    <li className="notice-row" data-read={notice.read} data-testid={`notice-${notice.id}`}>
      <span className="notice-mark" aria-hidden />
      {notice.channel ? <ChannelBadge channel={notice.channel} /> : <span aria-hidden />}
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
