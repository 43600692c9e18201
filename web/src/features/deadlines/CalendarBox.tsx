import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconCalendarPlus, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { put } from '../../api/client';
import { keys } from '../../api/keys';
import type { Calendar, Interval } from '../../api/types';
import { toast } from '../../base/toasts';
import { Card, useLang } from '../../ui/bits';
import { holidayCountries, holidaysOf, holidayYears, type HolidayCountry } from './holidays';
import { useForm } from '../../ui/useForm';

/* A day is written as people say it: «9:00–13:00, 14:00–18:00»; empty is a day off. */
export const intervalsText = (list: string[][] = []) => list.map(([a, b]) => `${a}–${b}`).join(', ');

export function readIntervals(text: string): Interval[] | null {
  if (!text.trim()) return [];
  const out: Interval[] = [];
  for (const part of text.split(',')) {
    const found = /^\s*(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})\s*$/.exec(part);
    if (!found) return null;
    const [, ah = '', am = '', bh = '', bm = ''] = found;
    const [a, b] = [`${ah.padStart(2, '0')}:${am}`, `${bh.padStart(2, '0')}:${bm}`];
    const before = out.at(-1)?.[1] ?? '00:00';
    if (a >= b || a < before || b > '24:00' || am > '59' || bm > '59') return null;
    out.push([a, b]);
  }
  return out;
}

export function CalendarBox({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm({ name: calendar.name, holidays: calendar.holidays });
  const [days, setDays] = useState(() =>
    Array.from({ length: 7 }, (_, i) => intervalsText(calendar.days[i] ?? [])),
  );
  const [special, setSpecial] = useState(() => calendar.holidays.map((h) => intervalsText(h.intervals)));
  const [changed, setChanged] = useState(false);
  const { holidays } = form.values;
  const read = days.map(readIntervals);
  const readSpecial = special.map(readIntervals);
  const wrong = [...read, ...readSpecial].includes(null) || holidays.some((h) => !h.date);
  const touch = () => setChanged(true);
  const save = () =>
    form.submit(async (values) => {
      const body = {
        name: values.name,
        zone: calendar.zone,
        days: read,
        holidays: holidays.map((h, i) => ({ ...h, intervals: readSpecial[i] ?? [] })),
      };
      await put(`/api/calendars/${calendar.id}`, body, calendar.version);
      toast(t('do.saved'));
      setChanged(false);
      void client.invalidateQueries({ queryKey: keys.calendars });
    });
  const lang = useLang();
  const load = async (country: HolidayCountry, year: string) => {
    const fresh = await holidaysOf(country, year, lang, holidays);
    form.set('holidays', [...holidays, ...fresh]);
    setSpecial([...special, ...fresh.map(() => '')]);
    if (fresh.length) touch();
    toast(t('calendar.loaded', { count: fresh.length }));
  };
  const editHoliday = (i: number, part: Partial<Calendar['holidays'][number]>) => {
    form.set(
      'holidays',
      holidays.map((h, n) => (n === i ? { ...h, ...part } : h)),
    );
    touch();
  };
  return (
    <Card
      title={t('calendar.title', { name: calendar.name })}
      aside={
        changed && (
          <Button size="xs" variant="filled" disabled={wrong} loading={form.busy} onClick={() => void save()}>
            {t('do.save')}
          </Button>
        )
      }
    >
      <p className="caption calendar-hint">{t('calendar.hint', { zone: calendar.zone })}</p>
      <div className="calendar">
        <div className="calendar-days">
          {days.map((text, i) => (
            <TextInput
              key={i}
              size="sm"
              label={t(`weekday.${i + 1}`)}
              value={text}
              placeholder={t('calendar.off')}
              error={read[i] === null ? t('calendar.wrong') : undefined}
              onChange={(e) => {
                setDays(days.map((d, n) => (n === i ? e.target.value : d)));
                touch();
              }}
            />
          ))}
        </div>
        <div className="stack">
          <h3>{t('calendar.special')}</h3>
          {holidays.map((h, i) => (
            <div key={i} className="row">
              <TextInput
                size="sm"
                type="date"
                w={140}
                aria-label={t('calendar.date')}
                value={h.date}
                onChange={(e) => editHoliday(i, { date: e.target.value })}
              />
              <TextInput
                size="sm"
                className="grow"
                aria-label={t('calendar.day_name')}
                placeholder={t('calendar.day_name')}
                value={h.name}
                onChange={(e) => editHoliday(i, { name: e.target.value })}
              />
              <TextInput
                size="sm"
                w={130}
                aria-label={t('calendar.hours')}
                placeholder={t('calendar.off')}
                value={special[i] ?? ''}
                error={readSpecial[i] === null}
                onChange={(e) => {
                  setSpecial(special.map((s, n) => (n === i ? e.target.value : s)));
                  touch();
                }}
              />
              <ActionIcon
                aria-label={t('do.delete')}
                onClick={() => {
                  form.set(
                    'holidays',
                    holidays.filter((_, n) => n !== i),
                  );
                  setSpecial(special.filter((_, n) => n !== i));
                  touch();
                }}
              >
                <IconX size={16} stroke={1.75} />
              </ActionIcon>
            </div>
          ))}
          <div>
            <Button
              size="xs"
              leftSection={<IconPlus size={14} stroke={1.9} />}
              onClick={() => {
                form.set('holidays', [...holidays, { date: '', name: '', intervals: [] }]);
                setSpecial([...special, '']);
              }}
            >
              {t('calendar.add')}
            </Button>{' '}
            <Menu>
              <Menu.Target>
                <Button size="xs" leftSection={<IconCalendarPlus size={14} stroke={1.9} />}>
                  {t('calendar.load')}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {holidayCountries.flatMap((c) =>
                  holidayYears.map((year) => (
                    <Menu.Item key={c + year} onClick={() => void load(c, year)}>
                      {t(`country.${c}`)}, {year}
                    </Menu.Item>
                  )),
                )}
              </Menu.Dropdown>
            </Menu>
            <p className="caption">{t('calendar.load_hint')}</p>
          </div>
          {form.general && <div className="notice notice-red">{form.general}</div>}
        </div>
      </div>
    </Card>
  );
}
