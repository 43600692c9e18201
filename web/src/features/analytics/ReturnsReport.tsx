import { Button, SegmentedControl, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { IconFileSpreadsheet, IconTrendingUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { get } from '../../api/client';
import { keys } from '../../api/keys';
import type { ReturnReport } from '../../api/types';
import { formatCount } from '../../base/format';
import { useMay } from '../../base/shop';
import { ChannelBadge } from '../../ui/ChannelBadge';
import { Bones, Empty, ErrorState, Money, useLang } from '../../ui/bits';
import { hundredths } from '../../base/hundredths';
import { PeriodPick, usePeriod, usePut } from './PeriodPick';

const groupings = ['reason', 'product', 'channel', 'day'] as const;
const kinds = ['returns', 'refusals', 'cancellations', 'all'] as const;

function useKeyWords(report: ReturnReport) {
  const { t, i18n } = useTranslation();
  return (row: ReturnReport['rows'][number]) => {
    if (report.by === 'day') return `${row.key.slice(8)}.${row.key.slice(5, 7)}.${row.key.slice(0, 4)}`;
    if (report.by !== 'reason') return row.label || row.key;
    if (!row.key) return t('analytics.unexplained');
    return i18n.exists(`reason.${row.key}`) ? t(`reason.${row.key}`) : row.key;
  };
}

function Head({ report }: { report: ReturnReport }) {
  const { t } = useTranslation();
  const lang = useLang();
  const word = useKeyWords(report);
  const { total, rows } = report;
  const most = rows[0];
  const share = total.share_bp;
  return (
    <p className="analytics-answer" data-testid="report-answer">
      {t('analytics.returns_answer', { count: total.returns, shown: formatCount(total.returns, lang) })}
      {share !== null && ` ${t('analytics.share_answer', { share: hundredths(share, lang) })}`}
      {report.by === 'reason' && most && most.part_bp !== null && rows.length > 1 && (
        <> {t('analytics.most_answer', { reason: word(most), share: hundredths(most.part_bp, lang) })}</>
      )}
    </p>
  );
}

function Alarms({ report }: { report: ReturnReport }) {
  const { t, i18n } = useTranslation();
  const lang = useLang();
  if (!report.alarms.length) return null;
  return (
    <section className="card" data-testid="report-alarms">
      <div className="card-head">
        <IconTrendingUp size={16} stroke={1.75} className="warn" aria-hidden />
        <h2 className="grow">{t('analytics.growing')}</h2>
        <span className="quiet num">{report.alarms.length}</span>
      </div>
      <div className="lines-list">
        {report.alarms.map((a) => (
          <div key={`${a.article} ${a.reason}`} className="line line-low">
            <span className="grow">
              <span className="strong cut line-block">{a.title || a.article}</span>
              <span className="caption cut line-block">
                {i18n.exists(`reason.${a.reason}`) ? t(`reason.${a.reason}`) : a.reason}
              </span>
            </span>
            <span className="chip chip-amber num">
              {t('analytics.of', { n: a.count, all: a.all })} · {hundredths(a.share_bp, lang)} %
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}

function Table({ report }: { report: ReturnReport }) {
  const { t } = useTranslation();
  const lang = useLang();
  const word = useKeyWords(report);
  const cohort = report.by === 'product' || report.by === 'channel';
  const most = Math.max(1, ...report.rows.map((r) => r.returns));
  return (
    <div className="analytics-scroll" tabIndex={0} role="region" aria-label={t('analytics.table')}>
      <table className="analytics-table" data-testid="report-table">
        <thead>
          <tr>
            <th scope="col">{t(`analytics.by_${report.by}`)}</th>
            <th scope="col" className="right">
              {t('analytics.returns_count')}
            </th>
            <th scope="col" className="analytics-bar-cell">
              {t('analytics.part')}
            </th>
            <th scope="col" className="right">
              {t('analytics.units')}
            </th>
            {report.total.sum !== null && (
              <th scope="col" className="right">
                {t('analytics.sum')}
              </th>
            )}
            {cohort && (
              <th scope="col" className="right">
                {t('analytics.share')}
              </th>
            )}
            {report.by === 'reason' && (
              <th scope="col" className="right">
                {t('analytics.before')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                <span className="row">
                  {row.channel && <ChannelBadge channel={row.channel} />}
                  <span className="cut">{word(row)}</span>
                  {report.by === 'product' && row.label && <span className="quiet cut">{row.key}</span>}
                </span>
              </th>
              <td className="right num strong">{formatCount(row.returns, lang)}</td>
              <td className="analytics-bar-cell">
                <span className="row">
                  <span className="analytics-bar" aria-hidden>
                    <span style={{ width: `${(100 * row.returns) / most}%` }} />
                  </span>
                  <span className="num quiet">
                    {row.part_bp === null ? '—' : `${hundredths(row.part_bp, lang)} %`}
                  </span>
                </span>
              </td>
              <td className="right num">{formatCount(row.units, lang)}</td>
              {report.total.sum !== null && (
                <td className="right">
                  <Money value={row.sum} currency={report.currency} />
                </td>
              )}
              {cohort && (
                <td className="right num">
                  {row.share_bp === null
                    ? '—'
                    : `${hundredths(row.share_bp, lang)} % (${t('analytics.of', { n: row.came_back ?? 0, all: row.delivered ?? 0 })})`}
                </td>
              )}
              {report.by === 'reason' && (
                <td className={`right num ${(row.before ?? 0) < row.returns ? 'warn' : ''}`}>
                  {formatCount(row.before ?? 0, lang)}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Returns of any days over all channels: what comes back, why, and how much of what was delivered. */
export function ReturnsReportView() {
  const { t } = useTranslation();
  const may = useMay();
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const put = usePut();
  const { from, to } = usePeriod();
  const by = groupings.find((g) => g === search.by) ?? 'reason';
  const what = kinds.find((k) => k === search.what) ?? 'returns';
  const query = new URLSearchParams({ from, to, by, what }).toString();
  const report = useQuery({
    queryKey: keys.report('returns', query),
    queryFn: ({ signal }) => get<ReturnReport>('/api/reports/returns', query, signal),
    placeholderData: (old) => old,
  });
  const data = report.data;
  return (
    <>
      <div className="analytics-tools">
        <PeriodPick />
        <SegmentedControl
          size="sm"
          aria-label={t('analytics.by')}
          value={by}
          onChange={(v) => put({ by: v === 'reason' ? undefined : v })}
          data={groupings.map((g) => ({ value: g, label: t(`analytics.by_${g}`) }))}
        />
        <Select
          size="sm"
          w={190}
          aria-label={t('analytics.what')}
          value={what}
          allowDeselect={false}
          onChange={(v) => put({ what: v === 'returns' ? undefined : (v ?? undefined) })}
          data={kinds.map((k) => ({ value: k, label: t(`analytics.what_${k}`) }))}
        />
        {may('export') && (
          <span className="row end">
            {(['xlsx', 'csv'] as const).map((format) => (
              <Button
                key={format}
                component="a"
                href={`/api/reports/returns/file?${query}&format=${format}`}
                download
                leftSection={format === 'xlsx' ? <IconFileSpreadsheet size={16} stroke={1.75} /> : undefined}
                data-testid={`report-${format}`}
              >
                {format.toUpperCase()}
              </Button>
            ))}
          </span>
        )}
      </div>
      {report.error && !data ? (
        <ErrorState error={report.error} retry={() => void report.refetch()} />
      ) : !data ? (
        <Bones lines={8} height={28} />
      ) : data.total.returns === 0 ? (
        <Empty text={t('analytics.no_returns')} />
      ) : (
        <>
          <Head report={data} />
          <Alarms report={data} />
          <section className="card">
            <Table report={data} />
          </section>
          {data.rows_all > data.rows.length && (
            <p className="caption">{t('analytics.cut', { shown: data.rows.length, all: data.rows_all })}</p>
          )}
          <p className="caption">{t('analytics.share_note', { zone: data.time_zone })}</p>
        </>
      )}
    </>
  );
}
