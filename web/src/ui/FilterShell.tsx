import { Button, Menu, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconFilter, IconPlus, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useWords } from '../base/words';
import { Kbd } from './bits';
import { DropMenu, DropPanel } from './Drop';

/* What the filters of every list look like and how they open: a field to find, chips, and the menu of those that are not shown. What a
 * filter holds belongs to its screen. */

/** Finds while one types; `onFind` hears of it when the hand rests. */
export function FindField({
  value,
  label,
  onFind,
  fieldRef,
}: {
  value: string | undefined;
  label: string;
  onFind: (text: string) => void;
  fieldRef: React.RefObject<HTMLInputElement | null>;
}) {
  const [text, setText] = useState(value ?? '');
  useEffect(() => setText(value ?? ''), [value]);
  const send = useDebouncedCallback((q: string) => {
    // What a scanner typed into the field is taken back at once: then nothing has changed.
    if (q !== (value ?? '')) onFind(q);
  }, 250);
  return (
    <TextInput
      size="sm"
      className="filters-find"
      ref={fieldRef}
      value={text}
      onChange={(e) => {
        setText(e.target.value);
        send(e.target.value);
      }}
      placeholder={label}
      aria-label={label}
      leftSection={<IconSearch size={15} stroke={1.75} />}
      rightSection={<Kbd>/</Kbd>}
    />
  );
}

interface ChipProps {
  name: string;
  title: string;
  /** What is chosen; null: nothing. */
  words: string | null;
  open: boolean;
  onOpen: (open: boolean) => void;
  onClear: () => void;
  /** What hangs below it while it is open. */
  children: () => ReactNode;
}

/** «Канал: Kaspi, Ozon» as a chip. */
export function FilterChip({ name, title, words, open, onOpen, onClear, children }: ChipProps) {
  const { t } = useWords();
  const label = words ? `${title}: ${words}` : title;
  return (
    <DropPanel
      opened={open}
      onChange={onOpen}
      width={280}
      trapFocus
      returnFocus
      withRoles={false}
      panel={{ p: 'md', 'data-menu-dropdown': true }}
      target={(props) => (
        <span ref={props.ref} className={words ? 'filter-chip filter-on' : 'filter-chip'}>
          <button
            type="button"
            onClick={() => onOpen(!open)}
            aria-expanded={open}
            data-testid={`filter-${name}`}
          >
            {!words && <IconPlus size={13} stroke={2} aria-hidden />}
            <span className="cut">{label}</span>
          </button>
          {words && (
            <button type="button" aria-label={t('filter.remove', { name: label })} onClick={onClear}>
              <IconX size={13} stroke={2} aria-hidden />
            </button>
          )}
        </span>
      )}
    >
      {children}
    </DropPanel>
  );
}

/** What a chip holds is a form that is applied as a whole. */
export function ChipForm({
  onSubmit,
  apply,
  children,
}: {
  onSubmit: () => void;
  /** On the button: how many there would be. */
  apply: string;
  children: ReactNode;
}) {
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        onSubmit();
      }}
    >
      {children}
      <Button type="submit" variant="filled" data-testid="filter-apply">
        {apply}
      </Button>
    </form>
  );
}

/** A filter that is on or off, shown while it is on. */
export function FlagChip({ name, title, onClear }: { name: string; title: string; onClear: () => void }) {
  const { t } = useWords();
  return (
    <span className="filter-chip filter-on">
      <button
        type="button"
        onClick={onClear}
        aria-label={t('filter.remove', { name: title })}
        data-testid={`filter-${name}`}
      >
        <span className="cut">{title}</span>
        <IconX size={13} stroke={2} aria-hidden />
      </button>
    </span>
  );
}

export interface MoreFilter {
  name: string;
  title: string;
  run: () => void;
}

/** Every filter there is, by F. */
export function MoreFilters({
  open,
  onOpen,
  list,
}: {
  open: boolean;
  onOpen: (open: boolean) => void;
  list: MoreFilter[];
}) {
  const { t } = useWords();
  return (
    <DropMenu
      opened={open}
      onChange={onOpen}
      position="bottom-start"
      returnFocus={false}
      target={(props) => (
        <button {...props} type="button" className="filter-chip filter-more" data-testid="filter-more">
          <IconFilter size={14} stroke={1.75} aria-hidden />
          {t('filter.more')} <Kbd>F</Kbd>
        </button>
      )}
    >
      {() =>
        list.map((f) => (
          <Menu.Item key={f.name} onClick={f.run} data-testid={`add-filter-${f.name}`}>
            {f.title}
          </Menu.Item>
        ))
      }
    </DropMenu>
  );
}
