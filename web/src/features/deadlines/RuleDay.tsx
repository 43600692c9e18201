import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, queryOptions, useQuery } from '@tanstack/react-query';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import { keys } from '../../api/keys';
import type { RuleDay as Day } from '../../api/types';
import { dayOf, formatCount } from '../../base/format';
import { useProblemText } from '../../base/problem';
import { Bones, useLang } from '../../ui/bits';

/** @param body what is tried, as JSON; «{}»: the rules as they stand. */
export const ruleDayAsked = (body: string) =>
  queryOptions({
    queryKey: keys.ruleDay(body),
    queryFn: () => post<Day>('/api/deadlines/yesterday', JSON.parse(body) as object),
    retry: false,
    staleTime: 0,
  });

type Item = Day['items'][number];
const figures = ['orders', 'red', 'missed'] as const;
const changes = (item: Item) => item.tried || figures.some((f) => item.now[f] !== item.then[f]);

/** What is, and what it would become. */
function Change({ item, figure }: { item: Item; figure: (typeof figures)[number] }) {
  const { t } = useTranslation();
  const lang = useLang();
  const now = formatCount(item.now[figure], lang);
  const then = formatCount(item.then[figure], lang);
  if (now === then) return now;
  return (
    <span className="rule-change" aria-label={t('rule_day.change', { now, then })} role="img">
      <span className="quiet">{now}</span>
      <IconArrowRight size={12} stroke={2} aria-hidden />
      <span className="strong">{then}</span>
    </span>
  );
}

/** What the rule would have meant for the orders of yesterday, beside what the rules that stand meant. The server counts. */
export function RuleDay({ rule }: { rule: object }) {
  const { t } = useTranslation();
  const lang = useLang();
  const problem = useProblemText();
  const [body] = useDebouncedValue(JSON.stringify({ rule }), 300);
  const asked = useQuery({ ...ruleDayAsked(body), placeholderData: keepPreviousData });
  const day = asked.data;
  if (asked.error) return <p className="soft">{problem(asked.error)}</p>;
  if (!day) return <Bones lines={3} height={18} />;
  if (day.orders === 0) return <p className="soft">{t('rule_day.none')}</p>;
  const tried = day.items.find((item) => item.tried);
  const date = dayOf(Date.parse(`${day.day}T12:00:00Z`), 'UTC');
  const of = t('rule_day.of', {
    count: day.orders,
    n: formatCount(day.orders, lang),
    day: `${date.day} ${t(`month.${date.month}`)}`,
  });
  const notes = [
    of,
    day.unknown > 0 && t('rule_day.unknown', { count: day.unknown, n: formatCount(day.unknown, lang) }),
    day.cut && t('rule_day.cut'),
  ];
  return (
    <div className="rule-day" role="status" data-testid="rule-day">
      <p className="strong">{t('rule_day.fired', { count: tried?.then.red ?? 0 })}</p>
      <p className="caption">{notes.filter(Boolean).join('; ')}.</p>
      <table className="table rule-day-table">
        <thead>
          <tr>
            <th>{t('deadlines.rule')}</th>
            {figures.map((f) => (
              <th key={f} className="right">
                {t(`rule_day.${f}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {day.items.filter(changes).map((item) => (
            <tr key={item.policy_id ?? 'new'}>
              <td className={item.tried ? 'strong' : undefined}>
                {item.tried ? t('rule_day.this') : item.name}
              </td>
              {figures.map((f) => (
                <td key={f} className="right num">
                  <Change item={item} figure={f} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
