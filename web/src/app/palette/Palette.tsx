import { Modal } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readTyped } from './typed';
import { useProblemText } from '../../base/problem';
import { Kbd, useLang } from '../../ui/bits';
import type { Entry } from './entry';
import { useActions } from './useActions';
import { useEntries } from './useEntries';
import { useSearch } from './useSearch';
import './palette.css';

interface Props {
  onClose: () => void;
  onHelp: () => void;
  onTheme: () => void;
}

const nameOf = (about: Entry['about']) =>
  (about?.kind === 'order' ? about.row.number : about?.row.name) ?? '';

/** One field for finding and doing. */
export default function Palette({ onClose, onHelp, onTheme }: Props) {
  const { t } = useTranslation();
  const router = useRouter();
  const lang = useLang();
  const problem = useProblemText();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  /** The result whose actions stand in the list. */
  const [about, setAbout] = useState<Entry['about']>(undefined);
  const list = useRef<HTMLDivElement>(null);

  const typed = useMemo(() => readTyped(text, lang), [text, lang]);
  const search = useSearch(typed.only === 'commands' ? '' : typed.text);
  const results = useEntries(typed, search.data, { help: onHelp, theme: onTheme });
  const actions = useActions(about);
  const entries = about ? actions : results;
  const here = Math.min(at, Math.max(0, entries.length - 1));

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [here]);

  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };

  /* Enter before the answer to what stands in the field is kept until that answer: a number that is typed or scanned whole opens
   * its order, and never one that an earlier answer had on top. */
  const [entered, setEntered] = useState(false);
  const waits =
    typed.text.length > 1 && typed.only !== 'commands' && !about && !search.settled && !search.failed;
  const enter = () => {
    const exact = about ? null : search.data?.exact;
    if (exact && typed.text.length > 4 && here === 0) {
      onClose();
      void router.navigate({ to: `/${exact.kind === 'order' ? 'orders' : 'customers'}/${exact.id}` });
    } else choose(entries[here]);
  };
  useEffect(() => {
    if (!entered || waits) return;
    setEntered(false);
    enter();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the answer to the text is what it waits for
  }, [entered, waits]);

  const type = (next: string) => {
    setText(next);
    setAt(0);
    setAbout(undefined);
    setEntered(false);
  };
  const back = () => {
    setAbout(undefined);
    setAt(0);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey;
    if (step) setAt(Math.max(0, Math.min(entries.length - 1, here + step)));
    else if (/^(Numpad)?Enter$/.test(event.code)) {
      if (waits) setEntered(true);
      else enter();
    } else if (event.code === 'Tab') {
      const next = entries[here]?.about;
      if (plain && next && !about) {
        setAbout(next);
        setAt(0);
      } else if (event.shiftKey && about) back();
    } else if (about && (event.code === 'Escape' || (event.code === 'Backspace' && !text))) {
      event.stopPropagation();
      back();
    } else return;
    event.preventDefault();
  };

  const nothing = typed.text.length > 1 && search.settled && !entries.length && !about;
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnEscape={!about}
      withCloseButton={false}
      padding={0}
      size={660}
      yOffset={96}
      centered={false}
      transitionProps={{ duration: 0 }}
      aria-label={t('palette.title')}
      data-testid="palette"
    >
      <div className="palette-field">
        <IconSearch size={18} stroke={1.9} aria-hidden />
        {about && <span className="chip palette-about">{nameOf(about)}</span>}
        <input
          data-autofocus
          value={text}
          maxLength={100}
          onChange={(e) => type(e.target.value)}
          onKeyDown={onKey}
          placeholder={about ? '' : t('palette.placeholder')}
          aria-label={t('palette.title')}
          role="combobox"
          aria-expanded
          aria-autocomplete="list"
          aria-controls="palette-list"
          aria-activedescendant={entries[here] ? `palette-${here}` : undefined}
          autoComplete="off"
          spellCheck={false}
        />
        <Kbd>Esc</Kbd>
      </div>
      <div
        className="palette-list"
        id="palette-list"
        role="listbox"
        aria-label={t('palette.title')}
        aria-busy={waits}
        ref={list}
      >
        {entries.map((entry, i) => (
          <div key={entry.key} role="presentation">
            {entries[i - 1]?.group !== entry.group && (
              <div className="palette-group">
                {about ? t('palette.actions_of', { name: nameOf(about) }) : entry.group}
              </div>
            )}
            <div
              id={`palette-${i}`}
              role="option"
              data-kind={entry.about?.kind}
              aria-selected={i === here}
              className="palette-item"
              onMouseMove={() => setAt(i)}
              onClick={() => choose(entry)}
            >
              {entry.body}
              <span className="palette-enter">{i === here && <Kbd>Enter</Kbd>}</span>
            </div>
          </div>
        ))}
        {nothing && <div className="palette-none">{t('palette.nothing')}</div>}
        {search.failed && !about && (
          <div className="palette-none" role="alert">
            {problem(search.error)}
          </div>
        )}
      </div>
      <div className="palette-foot">
        <kbd className="kbd">
          <IconArrowUp size={12} stroke={2} aria-hidden />
        </kbd>
        <kbd className="kbd">
          <IconArrowDown size={12} stroke={2} aria-hidden />
        </kbd>
        <span className="palette-hint">{t('palette.choose')}</span>
        <Kbd>Enter</Kbd> <span className="palette-hint">{t('palette.open')}</span>
        <Kbd>Tab</Kbd> <span className="palette-hint">{t('palette.tab')}</span>
        <span className="end palette-prefixes">{t('palette.prefixes')}</span>
      </div>
    </Modal>
  );
}
