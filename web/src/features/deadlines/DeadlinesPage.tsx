import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { Calendar, Policy } from '../../api/types';
import { formatCount } from '../../base/format';
import { itemsOf } from '../../base/items';
import { Bones, Empty, ErrorState, useLang } from '../../ui/bits';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { CalendarBox } from './CalendarBox';
import { PolicyDialog } from './PolicyDialog';
import { ruleDayAsked } from './RuleDay';
import { RulesTry } from './RulesTry';
import './deadlines.css';

export default function DeadlinesPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const policies = useQuery({
    queryKey: keys.policies,
    queryFn: async () => itemsOf(await get<Policy[]>('/api/policies')),
  });
  const calendars = useQuery({
    queryKey: keys.calendars,
    queryFn: async () => itemsOf(await get<Calendar[]>('/api/calendars')),
  });
  const [edit, setEdit] = useState<Policy | 'new' | null>(null);
  const yesterday = useQuery(ruleDayAsked('{}')).data;
  const yesterdayOf = (p: Policy) => {
    const told = yesterday?.items.find((item) => item.policy_id === p.id)?.now;
    if (!told?.orders) return '—';
    return t('rule_day.was', {
      count: told.orders,
      n: formatCount(told.orders, lang),
      red: formatCount(told.red, lang),
    });
  };
  const term = (minutes: number) =>
    minutes % 60 === 0
      ? t('span.h', { n: minutes / 60 })
      : t('deadline.hm', { hours: Math.floor(minutes / 60), minutes: String(minutes % 60).padStart(2, '0') });
  return (
    <>
      <div className="settings-head">
        <p className="soft grow">{t('deadlines.intro')}</p>
        <Button
          variant="filled"
          size="md"
          leftSection={<IconPlus size={16} stroke={1.9} />}
          onClick={() => setEdit('new')}
        >
          {t('deadlines.add')}
        </Button>
      </div>
      {policies.error ? (
        <ErrorState error={policies.error} retry={() => void policies.refetch()} />
      ) : !policies.data ? (
        <Bones lines={4} height={36} />
      ) : policies.data.length === 0 ? (
        <Empty text={t('deadlines.none')} />
      ) : (
        <section className="card table-scroll">
          <table className="table table-cards">
            <thead>
              <tr>
                <th>{t('deadlines.rule')}</th>
                <th>{t('deadlines.step')}</th>
                <th>{t('deadlines.channel')}</th>
                <th className="right">{t('deadlines.term')}</th>
                <th>{t('deadlines.clock')}</th>
                <th>{t('deadlines.red')}</th>
                <th title={t('rule_day.column_hint')}>{t('rule_day.column')}</th>
              </tr>
            </thead>
            <tbody>
              {policies.data.map((p) => (
                <tr key={p.id}>
                  <td>
                    <button type="button" className="link-plain strong" onClick={() => setEdit(p)}>
                      {p.name}
                    </button>{' '}
                    {!p.active && <span className="chip">{t('deadlines.off')}</span>}
                  </td>
                  <td data-label={t('deadlines.step')}>{t(`step.${p.step}`)}</td>
                  <td data-label={t('deadlines.channel')}>
                    {p.channel ? (
                      <ChannelBadge channel={p.channel} />
                    ) : (
                      <span className="quiet">{t('deadlines.any')}</span>
                    )}
                  </td>
                  <td data-label={t('deadlines.term')} className="right num">
                    {term(p.minutes)}
                  </td>
                  <td data-label={t('deadlines.clock')}>
                    {p.clock === 'working'
                      ? (calendars.data?.find((c) => c.id === p.calendar_id)?.name ?? t('deadlines.working'))
                      : t('deadlines.wall')}
                  </td>
                  <td data-label={t('deadlines.red')} className="num soft">
                    {t('deadlines.red_when', { time: term(p.red_minutes), share: p.red_share_bp / 100 })}
                  </td>
                  <td
                    data-label={t('rule_day.column')}
                    className="num soft"
                    title={t('rule_day.column_hint')}
                  >
                    {yesterdayOf(p)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <RulesTry policies={policies.data ?? []} />
      {calendars.data?.map((c) => (
        <CalendarBox key={c.id} calendar={c} />
      ))}
      {edit && (
        <PolicyDialog
          policy={edit === 'new' ? null : edit}
          calendars={calendars.data ?? []}
          onClose={() => setEdit(null)}
        />
      )}
    </>
  );
}
