import { Tooltip } from '@mantine/core';
import { useState, type ReactNode } from 'react';

/** A tooltip that costs nothing until the pointer comes: rows of a list have several each. */
export function Tip({ label, children }: { label: () => ReactNode; children: ReactNode }) {
  const [on, setOn] = useState(false);
  return (
    <span className="tip" onPointerEnter={() => setOn(true)} onPointerLeave={() => setOn(false)}>
      {on ? (
        <Tooltip label={label()} multiline maw={320}>
          <span className="tip-in">{children}</span>
        </Tooltip>
      ) : (
        <span className="tip-in">{children}</span>
      )}
    </span>
  );
}
