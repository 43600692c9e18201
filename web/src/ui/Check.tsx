import { useEffect, useRef } from 'react';

interface Props {
  label: string;
  checked: boolean;
  some?: boolean;
  tabIndex?: number;
  onChange: (event: React.MouseEvent<HTMLInputElement>) => void;
}

/** The box of a row: a plain control, for a list draws dozens of them while it scrolls. */
export function Check({ label, checked, some = false, tabIndex, onChange }: Props) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  return (
    <label className="check" onClick={(e) => e.stopPropagation()} onDoubleClick={(e) => e.stopPropagation()}>
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        tabIndex={tabIndex}
        checked={checked}
        readOnly
        onClick={onChange}
      />
    </label>
  );
}
