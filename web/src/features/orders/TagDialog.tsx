import { Modal, TextInput } from '@mantine/core';
import { IconCheck, IconMinus, IconPlus, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { QueueRow } from '../../api/types';
import { cleanTag, knownTags, tagMax } from './tags';

interface Props {
  /** Of those to be tagged, the ones that are loaded. */
  picked: QueueRow[];
  seen: QueueRow[];
  count: number;
  onClose: () => void;
  onChoose: (tag: string, on: boolean) => void;
}

const icons = { all: IconCheck, some: IconMinus, none: IconTag };

/** Type and Enter; a tag that all of them have is taken away by choosing it. */
export function TagDialog({ picked, seen, count, onClose, onChoose }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const typed = cleanTag(text);
  const has = (name: string) => name.toLocaleLowerCase().includes(typed.toLocaleLowerCase());
  const list = knownTags(picked, seen).filter((k) => has(k.name));
  const exact = list.find((k) => k.name.toLocaleLowerCase() === typed.toLocaleLowerCase());
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tag.title', { count })}
      size={360}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (typed) onChoose(exact?.name ?? typed, exact?.on !== 'all');
        }}
      >
        <TextInput
          value={text}
          onChange={(e) => setText(e.target.value)}
          placeholder={t('order.tag_add')}
          aria-label={t('order.tag_add')}
          maxLength={tagMax}
          data-autofocus
          data-testid="tag-name"
        />
      </form>
      <div className="pick-list">
        {typed && !exact && (
          <button type="button" onClick={() => onChoose(typed, true)}>
            <IconPlus size={16} stroke={1.75} aria-hidden />
            <span className="grow cut">{t('tag.new', { name: typed })}</span>
          </button>
        )}
        {list.slice(0, 12).map(({ name, on }) => {
          const Icon = icons[on];
          return (
            <button key={name} type="button" data-tag={on} onClick={() => onChoose(name, on !== 'all')}>
              <Icon size={16} stroke={1.75} aria-hidden className={on === 'all' ? 'good' : 'quiet'} />
              <span className="grow cut">{name}</span>
              <span className="caption">{t(`tag.on_${on}`)}</span>
            </button>
          );
        })}
      </div>
    </Modal>
  );
}
