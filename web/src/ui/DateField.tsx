import { ActionIcon, TextInput, type TextInputProps } from '@mantine/core';
import { IconCalendar } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useWords } from '../base/words';
import { readDay, readTime, writeDay } from './dayText';
import { DropPanel } from './Drop';
import './datefield.css';

const Month = lazy(() => import('./Month'));

interface Props extends Omit<TextInputProps, 'type' | 'value' | 'min' | 'max'> {
  type?: 'date' | 'time';
  /** «2026-12-16» or «17:30». */
  value: string;
  min?: string;
  max?: string;
  /** It stands in a panel that closes when something beside it is pressed: the month is drawn within. */
  inside?: boolean;
}

/** A day or a time of day, written as everywhere on the screens whatever the browser speaks; the month hangs below it. */
export function DateField({ type = 'date', value, min, max, inside, onChange, onBlur, ...rest }: Props) {
  const { t } = useWords();
  const day = type === 'date';
  const written = day ? writeDay(value) : value;
  // What is being typed; null while nobody types.
  const [typed, setTyped] = useState<string | null>(null);
  const [open, setOpen] = useState(false);
  const tell = (next: string) =>
    onChange?.({
      target: { value: next },
      currentTarget: { value: next },
    } as React.ChangeEvent<HTMLInputElement>);
  const write = (text: string) => {
    setTyped(text);
    const next = text.trim() === '' ? '' : (day ? readDay : readTime)(text);
    if (next === null || next === value) return;
    if (next && ((min && next < min) || (max && next > max))) return;
    tell(next);
  };
  return (
    <TextInput
      {...rest}
      value={typed ?? written}
      placeholder={t(day ? 'date.placeholder' : 'date.time_placeholder')}
      inputMode="numeric"
      autoComplete="off"
      maxLength={10}
      onChange={(e) => write(e.target.value)}
      onBlur={(e) => {
        setTyped(null);
        onBlur?.(e);
      }}
      onKeyDown={(e) => {
        if (!day || e.key !== 'ArrowDown') return;
        e.preventDefault();
        setOpen(true);
      }}
      rightSection={
        day && (
          <DropPanel
            opened={open}
            onChange={setOpen}
            withinPortal={!inside}
            position="bottom-end"
            trapFocus
            returnFocus
            target={(props) => (
              <ActionIcon
                {...props}
                variant="subtle"
                size={24}
                aria-label={t('date.open')}
                disabled={rest.disabled}
              >
                <IconCalendar size={15} stroke={1.75} />
              </ActionIcon>
            )}
          >
            {() => (
              <Suspense fallback={<div className="month" />}>
                <Month
                  value={value}
                  min={min}
                  max={max}
                  onPick={(next) => {
                    setTyped(null);
                    tell(next);
                    setOpen(false);
                  }}
                />
              </Suspense>
            )}
          </DropPanel>
        )
      }
    />
  );
}
