import { Modal, TextInput } from '@mantine/core';
import { IconCheck, IconMinus, IconPlus, IconTag } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerRow } from '../../api/types';
import { cleanTag, knownTags, sameTag, tagMax } from './tagging';
import { useTagNames, useTags } from './useTags';
import '../../ui/bulk.css';

const icons = { all: IconCheck, some: IconMinus, none: IconTag };

/** Type and Enter; a tag that all of them have is taken off by choosing it. */
export function TagDialog({
  chosen,
  onClose,
}: {
  chosen: Pick<CustomerRow, 'id' | 'name' | 'tags'>[];
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const names = useTagNames();
  const put = useTags();
  const typed = cleanTag(text);
  const list = knownTags(chosen, names).filter((k) =>
    k.name.toLocaleLowerCase().includes(typed.toLocaleLowerCase()),
  );
  const exact = list.find((k) => sameTag(k.name, typed));
  const choose = (name: string, on: boolean) => {
    onClose();
    void put(
      chosen.map((c) => c.id),
      name,
      on,
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('customers.tag_title', { count: chosen.length })}
      size={360}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        onSubmit={(e) => {
          e.preventDefault();
          if (typed) choose(exact?.name ?? typed, exact?.on !== 'all');
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
          <button type="button" onClick={() => choose(typed, true)}>
            <IconPlus size={16} stroke={1.75} aria-hidden />
            <span className="grow cut">{t('tag.new', { name: typed })}</span>
          </button>
        )}
        {list.slice(0, 12).map(({ name, on }) => {
          const Icon = icons[on];
          return (
            <button key={name} type="button" data-tag={on} onClick={() => choose(name, on !== 'all')}>
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
