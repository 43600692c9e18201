import { Tooltip } from '@mantine/core';
import { useEffect, useState, type ReactElement, type ReactNode } from 'react';

const delayMs = 350;

/** Shown when the pointer has rested; Escape takes it away. */
function Shown({ at, label }: { at: Element; label: ReactNode }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOpen(true), delayMs);
    const hide = (event: KeyboardEvent) => event.key === 'Escape' && setOpen(false);
    window.addEventListener('keydown', hide, { capture: true });
    return () => {
      clearTimeout(timer);
      window.removeEventListener('keydown', hide, { capture: true });
    };
  }, []);
  // Icons have tooltips too, and these are no HTML elements.
  return <Tooltip target={{ current: at as HTMLElement }} opened={open} label={label} multiline maw={320} />;
}

interface Props {
  label: () => ReactNode;
  off?: boolean;
  children: ReactElement;
}

/** A tooltip of one element that costs nothing until the pointer comes: rows of a list have several each. */
export function Tip({ label, off = false, children }: Props) {
  const [at, setAt] = useState<Element | null>(null);
  return (
    <span
      className="tip"
      onPointerEnter={(e) => e.pointerType !== 'touch' && setAt(e.currentTarget.firstElementChild)}
      onPointerLeave={() => setAt(null)}
    >
      {children}
      {at && !off && <Shown at={at} label={label()} />}
    </span>
  );
}
