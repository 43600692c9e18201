import { SegmentedControl } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { dayAt } from '../../base/days';
import { serverClock } from '../../base/clock';
import { useShop } from '../../base/shop';
import { DateField } from '../../ui/DateField';
import { periodDays, periodNames, type PeriodName } from './figures';

type Found = Record<string, string | undefined>;

/** The days that the address asks for; the week before this one when it asks for none. */
export function usePeriod(): { from: string; to: string; name: PeriodName | null } {
  const search = useSearch({ strict: false }) as Found;
  const today = dayAt(new Date(serverClock.now()).toISOString(), useShop().time_zone);
  const first = periodDays('last_week', today);
  const from = search.from ?? first[0];
  const to = search.to ?? first[1];
  const name = periodNames.find((p) => periodDays(p, today).join() === `${from},${to}`) ?? null;
  return { from, to, name };
}

export function usePut() {
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Found;
  return (change: Found) => void navigate({ to: '.', search: { ...search, ...change }, replace: true });
}

/** Which days a report is of: a name, or two dates. */
export function PeriodPick() {
  const { t } = useTranslation();
  const { from, to, name } = usePeriod();
  const put = usePut();
  const today = dayAt(new Date(serverClock.now()).toISOString(), useShop().time_zone);
  return (
    <>
      <SegmentedControl
        size="sm"
        className="analytics-periods"
        aria-label={t('period.label')}
        value={name ?? ''}
        onChange={(v) => {
          const [first, last] = periodDays(v as PeriodName, today);
          put(v === 'last_week' ? { from: undefined, to: undefined } : { from: first, to: last });
        }}
        data={periodNames.map((p) => ({ value: p, label: t(`analytics.${p}`) }))}
      />
      <DateField
        size="sm"
        aria-label={t('audit.from')}
        value={from}
        max={to}
        onChange={(e) => e.target.value && put({ from: e.target.value, to })}
      />
      <DateField
        size="sm"
        aria-label={t('audit.to')}
        value={to}
        min={from}
        onChange={(e) => e.target.value && put({ from, to: e.target.value })}
      />
    </>
  );
}
