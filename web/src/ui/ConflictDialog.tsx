import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Clash } from './useForm';
import '@mantine/core/styles/RadioCard.css';
import '@mantine/core/styles/RadioIndicator.css';
import './conflict.css';

interface Props<T> {
  clash: Clash<T> | null;
  /** The name of a field, as the form shows it. */
  label: (field: keyof T & string) => string;
  /** A value in words. */
  show?: (field: keyof T & string, value: unknown) => string;
  onSettle: (chosen: T | null) => void;
}

/** Two people changed one thing: each field in which they differ is chosen, mine or what is saved already. */
export function ConflictDialog<T extends object>(props: Props<T>) {
  return props.clash ? <Choice key={props.clash.version} {...props} clash={props.clash} /> : null;
}

function Choice<T extends object>({ clash, label, show, onSettle }: Props<T> & { clash: Clash<T> }) {
  const { t } = useTranslation();
  const [takes, setTakes] = useState<Record<string, string>>({});
  const say = (name: keyof T & string, value: unknown) => {
    const text = show?.(name, value) ?? (Array.isArray(value) ? value.join(', ') : String(value ?? ''));
    return text || t('conflict.empty');
  };
  const ready = clash.fields.every((f) => takes[f]);
  const save = (side: (field: keyof T & string) => string | undefined) => {
    const chosen = { ...clash.mine };
    for (const f of clash.fields) if (side(f) === 'theirs') chosen[f] = clash.theirs[f];
    onSettle(chosen);
  };
  return (
    <Modal
      opened
      onClose={() => onSettle(null)}
      title={t('conflict.title')}
      size={520}
      closeButtonProps={{ 'aria-label': t('do.close') }}
    >
      <form
        className="stack"
        data-testid="conflict"
        onSubmit={(e) => {
          e.preventDefault();
          // The form under the dialog would hear it too, and send again what was not chosen.
          e.stopPropagation();
          save((f) => takes[f]);
        }}
      >
        <p className="soft">{t('conflict.hint')}</p>
        {clash.fields.map((name) => (
          <Radio.Group
            key={name}
            label={label(name)}
            value={takes[name] ?? ''}
            onChange={(v) => setTakes((all) => ({ ...all, [name]: v }))}
          >
            <div className="conflict-sides">
              {(['mine', 'theirs'] as const).map((side) => (
                <Radio.Card key={side} value={side} className="conflict-side" data-testid={`${name}-${side}`}>
                  <Radio.Indicator size="xs" />
                  <span>
                    <span className="caption">{t(`conflict.${side}`)}</span>
                    <span className="conflict-value">{say(name, clash[side][name])}</span>
                  </span>
                </Radio.Card>
              ))}
            </div>
          </Radio.Group>
        ))}
        <div className="row row-wrap">
          <Button onClick={() => save(() => 'theirs')}>{t('conflict.all_theirs')}</Button>
          <Button type="submit" variant="filled" className="end" disabled={!ready}>
            {t('do.save')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
