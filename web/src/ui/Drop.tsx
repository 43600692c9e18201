import { Menu, Popover, type MenuProps, type PopoverProps } from '@mantine/core';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type Ref,
  type RefObject,
} from 'react';

/* Menus and panels that hang below a button. Until it is opened for the first time there is only the button: a screen has a
 * dozen of them, and each one that waits unseen costs as much as a row of the list. */

export interface DropTarget {
  ref: Ref<HTMLElement & HTMLButtonElement & HTMLSpanElement>;
  onClick: () => void;
  'aria-haspopup': 'menu' | 'dialog';
  'aria-expanded': boolean;
}
interface Shared {
  target: (props: DropTarget) => ReactNode;
  opened?: boolean;
  onChange?: (open: boolean) => void;
  children: () => ReactNode;
}

/** Stands for a button that is drawn elsewhere: what hangs below takes its place and name from it. */
function Anchor({
  at,
  ref,
  id,
  'aria-controls': controls,
}: {
  at: RefObject<HTMLElement | null>;
  ref?: Ref<HTMLElement>;
  id?: string;
  'aria-controls'?: string;
}) {
  useLayoutEffect(() => {
    if (typeof ref !== 'function') return;
    const undo = ref(at.current);
    return () => void (typeof undo === 'function' ? undo() : ref(null));
  }, [ref, at]);
  useLayoutEffect(() => {
    if (id) at.current?.setAttribute('id', id);
    if (controls) at.current?.setAttribute('aria-controls', controls);
    else at.current?.removeAttribute('aria-controls');
  }, [at, id, controls]);
  return null;
}

function useDrop({ opened, onChange }: Pick<Shared, 'opened' | 'onChange'>, kind: 'menu' | 'dialog') {
  const at = useRef<HTMLElement & HTMLButtonElement & HTMLSpanElement>(null);
  const [own, setOwn] = useState(false);
  const open = opened ?? own;
  const set = (next: boolean) => {
    setOwn(next);
    onChange?.(next);
  };
  // It is drawn closed and opened behind that, so that it knows where the focus was and gives it back.
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    if (open) setDrawn(true);
  }, [open]);
  const [ready, setReady] = useState(false);
  useEffect(() => setReady(drawn), [drawn]);
  const target: DropTarget = {
    ref: at,
    onClick: () => set(!open),
    'aria-haspopup': kind,
    'aria-expanded': open,
  };
  return { at, target, set, drawn, opened: open && ready };
}

export function DropMenu({
  target,
  opened,
  onChange,
  children,
  ...rest
}: Shared & Omit<MenuProps, keyof Shared>) {
  const drop = useDrop({ opened, onChange }, 'menu');
  return (
    <>
      {target(drop.target)}
      {drop.drawn && (
        <Menu {...rest} opened={drop.opened} onChange={drop.set}>
          <Menu.Target>
            <Anchor at={drop.at} />
          </Menu.Target>
          <Menu.Dropdown>{children()}</Menu.Dropdown>
        </Menu>
      )}
    </>
  );
}

type PanelProps = React.ComponentProps<typeof Popover.Dropdown> & Record<`data-${string}`, unknown>;
/** @param panel what the box itself is given. */
export function DropPanel({
  target,
  opened,
  onChange,
  children,
  panel,
  ...rest
}: Shared & Omit<PopoverProps, keyof Shared> & { panel?: PanelProps }) {
  const drop = useDrop({ opened, onChange }, 'dialog');
  return (
    <>
      {target(drop.target)}
      {drop.drawn && (
        <Popover {...rest} opened={drop.opened} onChange={drop.set}>
          <Popover.Target>
            <Anchor at={drop.at} />
          </Popover.Target>
          <Popover.Dropdown {...panel}>{children()}</Popover.Dropdown>
        </Popover>
      )}
    </>
  );
}
