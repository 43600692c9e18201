import { CloseButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useWords } from '../base/words';
import { serverClock } from '../base/clock';
import { closeToast, toasts, type Toast } from '../base/toasts';
import { Kbd } from './bits';
import './toasts.css';

function One({ item }: { item: Toast }) {
  const { t } = useWords();
  const [stay, setStay] = useState(false);
  const life = item.until ? Math.max(0, item.until - serverClock.now()) : 6000;
  useEffect(() => {
    if (stay || item.tone === 'error') return;
    const timer = setTimeout(() => closeToast(item.id), life);
    return () => clearTimeout(timer);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the life is counted from the moment the pointer leaves
  }, [stay, item.id]);
  const hold = { onMouseEnter: () => setStay(true), onMouseLeave: () => setStay(false) };
  const focus = { onFocus: () => setStay(true), onBlur: () => setStay(false) };
  return (
    <div className="toast" data-testid="toast" data-tone={item.tone} {...hold} {...focus}>
      <span className="grow">{item.text}</span>
      {item.show && (
        <button type="button" className="toast-do" data-testid="toast-show" onClick={item.show.run}>
          {item.show.label}
        </button>
      )}
      {item.action && (
        <button type="button" className="toast-do" data-testid={item.action.testid} onClick={item.action.run}>
          {item.action.label}
          {item.action.keys && <Kbd onInk>{item.action.keys}</Kbd>}
        </button>
      )}
      <CloseButton size={22} c="inherit" aria-label={t('do.close')} onClick={() => closeToast(item.id)} />
      {item.until && !stay && <span className="toast-line" style={{ animationDuration: `${life}ms` }} />}
    </div>
  );
}

export function Toasts() {
  const list = toasts.use();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {list.map((item) => (
        <One key={item.id} item={item} />
      ))}
    </div>
  );
}
