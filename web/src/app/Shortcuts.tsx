import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { russianLetter } from '../base/hotkeys';
import { Kbd } from '../ui/bits';

const groups: Record<string, [keys: string, name: string][]> = {
  everywhere: [
    ['Ctrl K', 'palette'],
    ['/', 'filter'],
    ['?', 'sheet'],
    ['Ctrl Z', 'undo'],
    ['G D', 'overview'],
    ['G O', 'orders'],
    ['G Z', 'tasks'],
    ['G C', 'customers'],
    ['G ,', 'settings'],
    ['Esc', 'close'],
    ['Ctrl Enter', 'send'],
    ['Ctrl Shift L', 'theme'],
  ],
  order: [
    ['C', 'confirm'],
    ['W', 'assemble'],
    ['A', 'assign'],
    ['N', 'note'],
    ['T', 'tag'],
    ['Shift C', 'cancel'],
  ],
  lists: [
    ['J K', 'move'],
    ['X', 'select'],
    ['Shift X', 'group'],
    ['Ctrl A', 'all'],
    ['Space', 'peek'],
    ['Enter', 'open'],
    ['1 … 9', 'view'],
    ['V', 'view_menu'],
    ['F', 'add_filter'],
    ['U', 'updates'],
  ],
};

function Keys({ text }: { text: string }) {
  return (
    <span className="row">
      {text.split(' ').map((key, i) => {
        const other = /^[A-Z]$/.test(key) ? russianLetter(key) : null;
        return key === '…' ? <span key={i}>…</span> : <Kbd key={i}>{other ? `${key} / ${other}` : key}</Kbd>;
      })}
    </span>
  );
}

/** Both letters of each key are printed: the binding is to the key, not to the layout. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('keys.title')}
      size={860}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <div className="keys-sheet">
        {Object.entries(groups).map(([group, rows]) => (
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
      <p className="caption">{t('keys.hint')}</p>
    </Modal>
  );
}
