import { Modal } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { bindings, boundKey } from '../base/hotkeys';
import { keyGroups } from '../base/keyList';
import { cyrillicLetter } from '../base/layout';
import { useSession } from '../base/shop';
import { Kbd, useLang } from '../ui/bits';

function Keys({ text }: { text: string }) {
  const lang = useLang();
  const map = bindings.use();
  const words = text.split(' ');
  // Letters beside Ctrl, and the ways to sections, are everybody's.
  const fixed = words.includes('Ctrl') || words[0] === 'G';
  return (
    <span className="row">
      {words.map((word, i) => {
        if (word === '…') return <span key={i}>…</span>;
        const letter = /^[A-Z]$/.test(word);
        const key = letter && !fixed ? boundKey(`Key${word}`, map).slice(3) : word;
        const other = letter ? cyrillicLetter(key, lang) : null;
        return <Kbd key={i}>{other ? `${key} / ${other}` : key}</Kbd>;
      })}
    </span>
  );
}

/** Both letters of each key are printed: the binding is to the key, not to the layout. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { user } = useSession();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      size={860}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      {user.keys_off && <p className="notice">{t('keys.are_off')}</p>}
      <div className="keys-sheet">
        {Object.entries(keyGroups).map(([group, rows]) => (
          <section key={group}>
            <h3>{t(`keys.group_${group}`)}</h3>
            {rows.map(([keys, name]) => (
              <div key={name} className="keys-row">
                <span className="grow">{t(`keys.${name}`)}</span>
                <Keys text={keys} />
              </div>
            ))}
          </section>
        ))}
      </div>
      <p className="caption">
        {t('keys.hint')}{' '}
        <Link to="/settings/$section" params={{ section: 'profile' }} onClick={onClose}>
          {t('keys.change')}
        </Link>
      </p>
    </Modal>
  );
}
