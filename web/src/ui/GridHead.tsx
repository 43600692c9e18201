import { memo, useRef } from 'react';
import { useWords } from '../base/words';

interface HeadColumn {
  id: string;
  header: string;
  right?: boolean;
  wide?: boolean;
}
interface CellsProps {
  columns: HeadColumn[];
  onResize?: (id: string, width: number | null) => void;
}

const least = 40;
const step = 10;

/** The edge of a column: dragged, moved by the arrow keys, put back by a double click or Home. */
function Edge({ name, onResize }: { name: string; onResize: (width: number | null) => void }) {
  const { t } = useWords();
  const widthOf = (edge: HTMLElement) => edge.parentElement?.getBoundingClientRect().width ?? 0;
  // Keys come quicker than columns are drawn: each goes on from what the one before it asked for.
  const asked = useRef<number | null>(null);
  const drag = (down: React.PointerEvent<HTMLElement>) => {
    const edge = down.currentTarget;
    asked.current = null;
    const from = widthOf(edge) - down.clientX;
    edge.setPointerCapture(down.pointerId);
    const move = (e: PointerEvent) => onResize(Math.max(least, Math.round(from + e.clientX)));
    edge.addEventListener('pointermove', move);
    edge.addEventListener('lostpointercapture', () => edge.removeEventListener('pointermove', move), {
      once: true,
    });
  };
  const key = (e: React.KeyboardEvent<HTMLElement>) => {
    const by = e.key === 'ArrowRight' ? step : e.key === 'ArrowLeft' ? -step : 0;
    if (!by && e.key !== 'Home') return;
    asked.current = by ? Math.max(least, (asked.current ?? Math.round(widthOf(e.currentTarget))) + by) : null;
    onResize(asked.current);
    e.preventDefault();
    e.stopPropagation();
  };
  return (
    <span
      role="separator"
      aria-orientation="vertical"
      aria-label={t('orders.column_width', { name })}
      aria-valuenow={0}
      tabIndex={0}
      className="grid-edge"
      onPointerDown={drag}
      onKeyDown={key}
      onBlur={() => (asked.current = null)}
      onDoubleClick={() => onResize(null)}
    />
  );
}

function Cells({ columns, onResize }: CellsProps) {
  return columns.map((c) => (
    <div
      role="columnheader"
      key={c.id}
      data-column={c.id}
      data-wide={c.wide}
      className={c.right ? 'right' : undefined}
    >
      <span className="cut">{c.header}</span>
      {onResize && <Edge name={c.header} onResize={(width) => onResize(c.id, width)} />}
    </div>
  ));
}
/** Not drawn anew with the rows. */
const HeadCells = memo(Cells);

export function GridHead({ columns, lead, onResize }: CellsProps & { lead: React.ReactNode }) {
  return (
    <div className="grid-head" role="row" aria-rowindex={1}>
      {lead !== undefined && (
        <div role="columnheader" className="grid-lead">
          {lead}
        </div>
      )}
      <HeadCells columns={columns} onResize={onResize} />
    </div>
  );
}
