import { Tooltip } from '@mantine/core';
import { useState, type ReactElement, type ReactNode } from 'react';

/** A tooltip that costs nothing until the pointer comes: rows of a list have several each. It says something of one element. */
export function Tip({ label, children }: { label: () => ReactNode; children: ReactElement }) {
  const [on, setOn] = useState(false);
  return (
    <span className="tip" onPointerEnter={() => setOn(true)} onPointerLeave={() => setOn(false)}>
      {on ? (
        <Tooltip label={label()} multiline maw={320}>
          {children}
        </Tooltip>
      ) : (
        children
      )}
    </span>
  );
}
