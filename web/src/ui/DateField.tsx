import { TextInput, type TextInputProps } from '@mantine/core';
import './datefield.css';

interface Props extends Omit<TextInputProps, 'type' | 'value'> {
  type?: 'date' | 'time';
  value: string;
}

/** «2026-12-16» as the rest of the screen writes days. */
const written = (value: string) => value.replace(/^(\d{4})-(\d\d)-(\d\d)$/, '$3.$2.$1');

/** A day or a time of day. The browser's own field has the calendar and the keys, but speaks the browser's language: while nobody
 *  types in it, what it holds is written as everywhere else. */
export function DateField({ type = 'date', value, ...rest }: Props) {
  const shown = { '--shown': JSON.stringify(written(value)) } as React.CSSProperties;
  return (
    <TextInput
      {...rest}
      type={type}
      value={value}
      wrapperProps={{ 'data-moment': value ? 'known' : 'none', style: shown }}
    />
  );
}
