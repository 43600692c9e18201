import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { WorkReport } from '../../api/types';
import { formatCount, formatNumber } from '../../base/format';
import { usePersonName } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, ErrorState, When, useLang, useSpan } from '../../ui/bits';
import { PeriodPick, usePeriod } from './PeriodPick';

type Tally = WorkReport['missed']['causes'][number];

function Tallies({ title, rows, word }: { title: string; rows: Tally[]; word: (row: Tally) => string }) {
  const lang = useLang();
  const most = Math.max(1, ...rows.map((r) => r.count));
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{title}</h2>
      </div>
      <div className="lines-list">
        {rows.map((row) => (
          <div key={row.key ?? row.person_id ?? ''} className="line line-low">
            <span className="grow cut">{word(row)}</span>
            <span className="analytics-bar" aria-hidden>
              <span style={{ width: `${(100 * row.count) / most}%` }} />
            </span>
            <span className="num strong analytics-count">{formatCount(row.count, lang)}</span>
          </div>
        ))}
      </div>
    </section>
  );
}

function Hours({ hours }: { hours: number[] }) {
  const { t } = useTranslation();
  const most = Math.max(1, ...hours);
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('analytics.by_hour')}</h2>
      </div>
      <div className="card-body analytics-hours">
        {hours.map((n, hour) => (
          <span key={hour} title={`${hour}:00 · ${n}`}>
            <span className="analytics-hour" style={{ height: `${Math.round((56 * n) / most)}px` }} />
            <span className="caption num">{hour % 6 === 0 ? hour : ''}</span>
          </span>
        ))}
      </div>
    </section>
  );
}

interface Spread {
  id: string;
  name: ReactNode;
  orders: number;
  median_s: number | null;
  p90_s: number | null;
}

function Confirm({ first, rows, testId }: { first: string; rows: Spread[]; testId: string }) {
  const { t } = useTranslation();
  const lang = useLang();
  const span = useSpan();
  const time = (s: number | null) => (s === null ? '—' : span(s));
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">
          {t('analytics.to_confirm')} · {first}
        </h2>
      </div>
      <div
        className="analytics-scroll"
        tabIndex={0}
        role="region"
        aria-label={`${t('analytics.to_confirm')}: ${first}`}
      >
        <table className="analytics-table" data-testid={testId}>
          <thead>
            <tr>
              <th scope="col">{first}</th>
              <th scope="col" className="right">
                {t('analytics.orders')}
              </th>
              <th scope="col" className="right">
                {t('analytics.median')}
              </th>
              <th scope="col" className="right">
                {t('analytics.p90')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.id}>
                <th scope="row">{r.name}</th>
                <td className="right num">{formatCount(r.orders, lang)}</td>
                <td className="right num">{time(r.median_s)}</td>
                <td className="right num">{time(r.p90_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ConfirmTimes({ report }: { report: WorkReport }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  const channels = report.confirm.accounts.map((a) => ({
    ...a,
    id: a.account_id,
    name: (
      <span className="row">
        <ChannelBadge channel={a.channel} /> <span className="cut">{a.name}</span>
      </span>
    ),
  }));
  const people = report.confirm.people.map((p) => ({
    ...p,
    id: p.person_id ?? '',
    name: <span className="cut">{nameOf(p.person_id) ?? t('analytics.person_machine')}</span>,
  }));
  return (
    <>
      <Confirm first={t('analytics.by_channel')} rows={channels} testId="confirm-table" />
      {people.length > 0 && (
        <Confirm first={t('analytics.by_person')} rows={people} testId="confirm-people" />
      )}
    </>
  );
}

const pages = { order: '/orders/$id', return: '/returns/$id', claim: '/returns/claims/$id' } as const;

function Missed({ report }: { report: WorkReport }) {
  const { t } = useTranslation();
  const nameOf = usePersonName();
  return (
    <section className="card">
      <div className="card-head">
        <h2 className="grow">{t('analytics.missed_orders')}</h2>
      </div>
      <div className="lines-list">
        {report.missed.items.map((m) => (
          <Link
            key={`${m.object} ${m.id} ${m.at}`}
            to={pages[m.object]}
            params={{ id: m.id }}
            className="line line-low"
          >
            <span className="strong num">{formatNumber(m.number)}</span>
            <span className="grow cut">
              {t(`analytics.step_${m.step}`)} · {t(`analytics.cause_${m.cause}`)}
            </span>
            <span className="quiet cut">{nameOf(m.person_id) ?? t('analytics.person_nobody')}</span>
            <When at={m.at} />
          </Link>
        ))}
      </div>
    </section>
  );
}

/** How the work went: until orders were confirmed, and what was missed, why and by whom. */
export function WorkReportView() {
  const { t } = useTranslation();
  const lang = useLang();
  const span = useSpan();
  const nameOf = usePersonName();
  const { from, to } = usePeriod();
  const query = new URLSearchParams({ from, to }).toString();
  const report = useQuery({
    queryKey: keys.report('work', query),
    queryFn: ({ signal }) => get<WorkReport>('/api/reports/work', query, signal),
    placeholderData: (old) => old,
  });
  const data = report.data;
  return (
    <>
      <div className="analytics-tools">
        <PeriodPick />
      </div>
      {report.error ? (
        <ErrorState error={report.error} retry={() => void report.refetch()} />
      ) : !data ? (
        <Bones lines={8} height={28} />
      ) : (
        <>
          <p className="analytics-answer" data-testid="report-answer">
            {data.confirm.median_s === null || data.confirm.p90_s === null
              ? t('analytics.no_confirmed')
              : t('analytics.confirm_answer', {
                  median: span(data.confirm.median_s),
                  p90: span(data.confirm.p90_s),
                })}{' '}
            {t('analytics.missed_answer', {
              count: data.missed.count,
              shown: formatCount(data.missed.count, lang),
            })}
          </p>
          <ConfirmTimes report={data} />
          {data.missed.count > 0 && (
            <>
              <div className="analytics-pair">
                <Tallies
                  title={t('analytics.causes')}
                  rows={data.missed.causes}
                  word={(row) => t(`analytics.cause_${row.key}`)}
                />
                <Tallies
                  title={t('analytics.people')}
                  rows={data.missed.people}
                  word={(row) => nameOf(row.person_id ?? null) ?? t('analytics.person_nobody')}
                />
              </div>
              <Hours hours={data.missed.hours} />
              <Missed report={data} />
            </>
          )}
        </>
      )}
    </>
  );
}
