import { ActionIcon } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useWords } from '../base/words';
import { serverClock } from '../base/clock';
import { useZone } from '../base/shop';
import { dayLater, monthLater, weeksOf, writeDay } from './dayText';

interface Props {
  value: string;
  min?: string;
  max?: string;
  onPick: (day: string) => void;
}

const steps: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** One month of days; arrows walk them, Page Up and Page Down turn the month, Enter takes one. */
export default function Month({ value, min, max, onPick }: Props) {
  const { t, i18n } = useWords();
  const zone = useZone();
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(serverClock.now());
  const [at, setAt] = useState(value || today);
  const box = useRef<HTMLTableElement>(null);
  const walked = useRef(true);
  useEffect(() => {
    if (walked.current) box.current?.querySelector<HTMLElement>('[data-at]')?.focus();
    walked.current = false;
  }, [at]);
  const walk = (next: string) => {
    walked.current = true;
    setAt(next);
  };
  const off = (day: string) => Boolean((min && day < min) || (max && day > max));
  const first = new Date(`${at.slice(0, 8)}01T00:00:00Z`);
  const name = new Intl.DateTimeFormat(i18n.language, { month: 'long', timeZone: 'UTC' }).format(first);
  return (
    <div className="month" role="group" aria-label={`${name} ${at.slice(0, 4)}`}>
      <div className="month-head">
        <ActionIcon variant="subtle" aria-label={t('date.before')} onClick={() => setAt(monthLater(at, -1))}>
          <IconChevronLeft size={16} stroke={1.75} />
        </ActionIcon>
        <span className="strong num" aria-live="polite">
          {name} {at.slice(0, 4)}
        </span>
        <ActionIcon variant="subtle" aria-label={t('date.after')} onClick={() => setAt(monthLater(at, 1))}>
          <IconChevronRight size={16} stroke={1.75} />
        </ActionIcon>
      </div>
      <table
        ref={box}
        onKeyDown={(e) => {
          const step = steps[e.key];
          const months = e.key === 'PageUp' ? -1 : e.key === 'PageDown' ? 1 : 0;
          if (!step && !months) return;
          e.preventDefault();
          walk(step ? dayLater(at, step) : monthLater(at, months));
        }}
      >
        <thead>
          <tr>
            {[1, 2, 3, 4, 5, 6, 7].map((d) => (
              <th key={d} scope="col" className="caption">
                {t(`weekday_short.${d}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(at).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>
                  <button
                    type="button"
                    className="month-day num"
                    tabIndex={day === at ? 0 : -1}
                    data-at={day === at || undefined}
                    data-other={day.slice(0, 7) !== at.slice(0, 7) || undefined}
                    aria-current={day === today ? 'date' : undefined}
                    aria-pressed={day === value}
                    aria-label={writeDay(day)}
                    disabled={off(day)}
                    onClick={() => onPick(day)}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
