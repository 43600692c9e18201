import { ActionIcon, Button, Textarea } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CardNote, CustomerCard } from '../../api/types';
import { useMay } from '../../base/shop';
import { Bones, Card, ErrorState, When } from '../../ui/bits';
import { useNotes } from './useNotes';

/** Notes for colleagues; on a merged card those of all its parts. */
export function NotesBox({ card }: { card: CustomerCard }) {
  const { t } = useTranslation();
  const notes = useNotes(card.id);
  const can = useMay()('customers.tag') && card.state === 'active';
  const rows = notes.list.data;
  if (!rows && notes.list.error)
    return <ErrorState error={notes.list.error} retry={() => void notes.list.refetch()} />;
  if (!can && rows?.length === 0) return null;
  return (
    <Card title={t('identity.notes')}>
      {can && <NoteForm label={t('identity.note_new')} send={notes.write} />}
      {!rows && <Bones lines={2} />}
      <ul className="plain-list card-notes" data-testid="card-notes">
        {rows?.map((n) => (
          <Note
            key={n.id}
            note={n}
            can={can && n.own}
            change={(text) => notes.change(n, text)}
            drop={() => void notes.drop(n)}
          />
        ))}
      </ul>
    </Card>
  );
}

interface NoteProps {
  note: CardNote;
  can: boolean;
  change: (text: string) => Promise<boolean>;
  drop: () => void;
}

function Note({ note, can, change, drop }: NoteProps) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  if (editing)
    return (
      <li>
        <NoteForm
          label={t('identity.note_change')}
          kept={note.text}
          send={change}
          onClose={() => setEditing(false)}
        />
      </li>
    );
  return (
    <li className="card-note">
      <div className="grow">
        <div className="note-text">{note.text}</div>
        <div className="caption">
          {note.author} · <When at={note.at} time />
          {note.edited_at && ` · ${t('identity.note_edited')}`}
        </div>
      </div>
      {can && (
        <span className="row">
          <ActionIcon aria-label={t('identity.note_change')} onClick={() => setEditing(true)}>
            <IconPencil size={16} stroke={1.75} />
          </ActionIcon>
          <ActionIcon aria-label={t('identity.note_drop')} onClick={drop}>
            <IconTrash size={16} stroke={1.75} />
          </ActionIcon>
        </span>
      )}
    </li>
  );
}

interface FormProps {
  label: string;
  kept?: string;
  send: (text: string) => Promise<boolean>;
  onClose?: () => void;
}

function NoteForm({ label, kept = '', send, onClose }: FormProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(kept);
  const [busy, setBusy] = useState(false);
  const changed = text.trim() !== '' && text.trim() !== kept;
  const save = async () => {
    if (!changed || busy) return;
    setBusy(true);
    const done = await send(text.trim());
    setBusy(false);
    if (!done) return;
    setText(onClose ? text : '');
    onClose?.();
  };
  return (
    <form
      className="stack"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <Textarea
        aria-label={label}
        placeholder={label}
        autosize
        minRows={1}
        maxLength={4000}
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.code === 'Enter' && (e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            void save();
          }
        }}
      />
      {(changed || onClose) && (
        <div className="row">
          <Button type="submit" size="xs" variant="default" loading={busy} disabled={!changed}>
            {t('do.save')}
          </Button>
          {onClose && (
            <Button size="xs" variant="subtle" onClick={onClose}>
              {t('do.close')}
            </Button>
          )}
        </div>
      )}
    </form>
  );
}
