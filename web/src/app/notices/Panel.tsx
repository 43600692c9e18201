import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { held } from '../../base/held';
import { useOrderActions } from '../../base/orderActions';
import { Bones, ErrorState, Kbd } from '../../ui/bits';
import { NoticeRow } from './NoticeRow';
import { useNotices } from './useNotices';

/** On top the same undo as in the toast, for as long as the window is open; below what needs attention, grouped by object. */
export default function Panel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const list = held.use();
  const { undo } = useOrderActions();
  const { notices, read } = useNotices();
  const items = notices.data?.items ?? [];
  const unread = items.filter((n) => !n.read);
  return (
    <>
      {list.length > 0 && (
        <section className="notices-held">
          <h2>{t('bell.title')}</h2>
          {list.map((h) => (
            <div key={h.toastId} className="row">
              <span className="grow">{h.text}</span>
              <Button size="xs" onClick={() => void undo(h)} rightSection={<Kbd>Ctrl Z</Kbd>}>
                {t('do.undo')}
              </Button>
            </div>
          ))}
        </section>
      )}
      <div className="notices-head">
        <h2 className="grow">{t('notice.title')}</h2>
        {unread.length > 0 && (
          <Button size="xs" variant="subtle" onClick={() => read(unread)}>
            {t('notice.read_all')}
          </Button>
        )}
      </div>
      {notices.isLoading && (
        <div className="notices-empty">
          <Bones lines={3} />
        </div>
      )}
      {notices.error && !notices.data && (
        <ErrorState error={notices.error} retry={() => void notices.refetch()} />
      )}
      {notices.data && items.length === 0 && <div className="notices-empty">{t('notice.none')}</div>}
      {items.length > 0 && (
        <ul className="notices-list">
          {items.map((n) => (
            <NoticeRow
              key={n.object + n.id}
              notice={n}
              onRead={() => read([n])}
              onOpen={() => {
                onClose();
                if (!n.read) read([n]);
              }}
            />
          ))}
        </ul>
      )}
    </>
  );
}
