import { ActionIcon, Button, Menu, NumberInput, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { IconCalendarPlus, IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, put } from '../../api/client';
import { keys } from '../../api/keys';
import type { Calendar } from '../../api/types';
import { itemsOf } from '../../base/items';
import { toast } from '../../base/toasts';
import { Card, useLang } from '../../ui/bits';
import { ConflictDialog } from '../../ui/ConflictDialog';
import { useBegun, useForm } from '../../ui/useForm';
import { DateField } from '../../ui/DateField';
import {
  calendarOf,
  holidaysText,
  readIntervals,
  valuesOf,
  weekdays,
  type CalendarValues,
  type SpecialDay,
} from './calendarText';
import { holidayCountries, holidaysOf, holidayYears, type HolidayCountry } from './holidays';
import { TryOut } from './TryOut';

export function CalendarBox({ calendar }: { calendar: Calendar }) {
  const { kept, begin, end } = useBegun(calendar);
  return <CalendarForm key={kept.version} calendar={kept} onTouch={begin} onSaved={end} />;
}

/** As the calendar is saved now, for who saved an older one. */
async function current(id: string) {
  const now = itemsOf(await get<Calendar[]>('/api/calendars')).find((c) => c.id === id);
  return { ...(now && valuesOf(now)), version: now?.version ?? 0 };
}

interface FormProps {
  calendar: Calendar;
  onTouch: () => void;
  onSaved: () => void;
}

function CalendarForm({ calendar, onTouch, onSaved }: FormProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const begun = valuesOf(calendar);
  const form = useForm(begun, { version: calendar.version, current: () => current(calendar.id) });
  const { values } = form;
  const [minutes, setMinutes] = useState(120);
  const changed = JSON.stringify(values) !== JSON.stringify(begun);
  const whole = calendarOf(values);
  const change = <K extends keyof CalendarValues>(name: K, value: CalendarValues[K]) => {
    onTouch();
    form.set(name, value);
  };
  const save = () =>
    form.submit(async (now, version) => {
      const body = { name: calendar.name, zone: calendar.zone, ...calendarOf(now) };
      const saved = await put<Calendar>(`/api/calendars/${calendar.id}`, body, version);
      client.setQueryData<Calendar[]>(keys.calendars, (all) =>
        all?.map((c) => (c.id === saved.id ? saved : c)),
      );
      onSaved();
      toast(t('do.saved'));
    });
  return (
    <Card
      title={t('calendar.title', { name: calendar.name })}
      aside={
        changed && (
          <Button
            size="xs"
            variant="filled"
            disabled={!whole}
            loading={form.busy}
            onClick={() => void save()}
          >
            {t('do.save')}
          </Button>
        )
      }
    >
      <p className="caption calendar-hint">{t('calendar.hint', { zone: calendar.zone })}</p>
      <div className="calendar">
        <div className="calendar-days">
          {weekdays.map((n) => (
            <TextInput
              key={n}
              size="sm"
              label={t(`weekday.${n}`)}
              value={values[n]}
              placeholder={t('calendar.off')}
              error={readIntervals(values[n]) === null ? t('calendar.wrong') : undefined}
              onChange={(e) => change(n, e.target.value)}
            />
          ))}
        </div>
        <div className="stack">
          <h3>{t('calendar.special')}</h3>
          <SpecialDays days={values.holidays} onChange={(days) => change('holidays', days)} />
          {form.general && <div className="notice notice-red">{form.general}</div>}
        </div>
      </div>
      <h3 className="tryout-title">{t('tryout.calendar')}</h3>
      <TryOut
        ask={
          whole && {
            rule: { name: '', minutes, clock: 'working', calendar_id: calendar.id },
            calendar: { id: calendar.id, zone: calendar.zone, ...whole },
          }
        }
      >
        <NumberInput
          size="sm"
          label={t('deadlines.minutes')}
          value={minutes}
          min={1}
          max={100_000}
          onChange={(v) => setMinutes(Number(v) || 1)}
        />
      </TryOut>
      <ConflictDialog
        clash={form.clash}
        label={(name) => (name === 'holidays' ? t('calendar.special') : t(`weekday.${name}`))}
        show={(name, value) =>
          (name === 'holidays' ? holidaysText(value as SpecialDay[]) : String(value)) || t('calendar.off')
        }
        onSettle={form.settle}
      />
    </Card>
  );
}

function SpecialDays({ days, onChange }: { days: SpecialDay[]; onChange: (days: SpecialDay[]) => void }) {
  const { t } = useTranslation();
  const lang = useLang();
  const edit = (i: number, part: Partial<SpecialDay>) =>
    onChange(days.map((d, n) => (n === i ? { ...d, ...part } : d)));
  const load = async (country: HolidayCountry, year: string) => {
    const fresh = await holidaysOf(country, year, lang, days);
    if (fresh.length) onChange([...days, ...fresh]);
    toast(t('calendar.loaded', { count: fresh.length }));
  };
  return (
    <>
      {days.map((day, i) => (
        <div key={i} className="row">
          <DateField
            size="sm"
            w={140}
            aria-label={t('calendar.date')}
            value={day.date}
            onChange={(e) => edit(i, { date: e.target.value })}
          />
          <TextInput
            size="sm"
            className="grow"
            aria-label={t('calendar.day_name')}
            placeholder={t('calendar.day_name')}
            value={day.name}
            onChange={(e) => edit(i, { name: e.target.value })}
          />
          <TextInput
            size="sm"
            w={130}
            aria-label={t('calendar.hours')}
            placeholder={t('calendar.off')}
            value={day.hours}
            error={readIntervals(day.hours) === null}
            onChange={(e) => edit(i, { hours: e.target.value })}
          />
          <ActionIcon aria-label={t('do.delete')} onClick={() => onChange(days.filter((_, n) => n !== i))}>
            <IconX size={16} stroke={1.75} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button
          size="xs"
          leftSection={<IconPlus size={14} stroke={1.9} />}
          onClick={() => onChange([...days, { date: '', name: '', hours: '' }])}
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
    </>
  );
}
