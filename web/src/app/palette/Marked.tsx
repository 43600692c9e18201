import { findPart, type Typed } from './typed';

/** The part that was typed stands out. */
export function Marked({ text, typed }: { text: string; typed: Typed }) {
  const found = findPart(text, typed);
  if (!found) return <>{text}</>;
  const [from, to] = found;
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}
