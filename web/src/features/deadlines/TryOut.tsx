import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { post } from '../../api/client';
import { keys } from '../../api/keys';
import type { Tryout } from '../../api/types';
import { serverClock } from '../../base/clock';
import { formatTime } from '../../base/format';
import { useProblemText } from '../../base/problem';
import { useSession } from '../../base/shop';
import { dayIn, instantIn } from '../../base/zone';
import { shortMoment, tryoutWords } from './reason';
import { DateField } from '../../ui/DateField';

interface Props {
  /** What is tried besides the moment, as it stands on the screen; null while it cannot be read. */
  ask: object | null;
  /** More to choose, beside the moment. */
  children?: ReactNode;
}

/** By when would an order of that moment be due? The server reckons with the same rules that reckon the orders. */
export function TryOut({ ask, children }: Props) {
  const { t } = useTranslation();
  const zone = useSession().shop.time_zone;
  const problem = useProblemText();
  const [day, setDay] = useState(() => dayIn(zone, serverClock.now()));
  const [time, setTime] = useState(() =>
    formatTime(new Date(serverClock.now()).toISOString(), zone).padStart(5, '0'),
  );
  const at = instantIn(zone, day, time);
  const [body] = useDebouncedValue(ask && at ? JSON.stringify({ ...ask, at }) : '', 250);
  const tried = useQuery({
    queryKey: keys.tryout(body),
    queryFn: () => post<Tryout>('/api/deadlines/try', JSON.parse(body) as object),
    enabled: body !== '',
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 0,
  });
  const told = tried.data;
  return (
    <div className="tryout" data-testid="tryout">
      <div className="tryout-fields">
        <DateField size="sm" label={t('tryout.day')} value={day} onChange={(e) => setDay(e.target.value)} />
        <DateField
          type="time"
          size="sm"
          label={t('tryout.time')}
          value={time}
          onChange={(e) => setTime(e.target.value)}
        />
        {children}
      </div>
      <div className="tryout-answer" role="status">
        {tried.error ? (
          <p className="soft">{problem(tried.error)}</p>
        ) : (
          told &&
          body && (
            <>
              <p data-testid="tryout-words">{tryoutWords(told, t)}</p>
              {told.due_at && told.yellow_at && told.red_at && (
                <p className="caption">
                  {t('tryout.zones', {
                    yellow: shortMoment(told.yellow_at, told.time_zone, t),
                    red: shortMoment(told.red_at, told.time_zone, t),
                  })}
                  {told.explain?.policy && ` · ${t('deadline.by_policy', { name: told.explain.policy })}`}
                </p>
              )}
            </>
          )
        )}
      </div>
    </div>
  );
}
