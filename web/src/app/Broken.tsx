import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorState } from '../ui/bits';

/** A screen that could not be shown. After an update of the program its parts come with a fresh page. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const gone = error instanceof Error && /import|module/i.test(error.message);
  return <ErrorState error={error} retry={() => (gone ? window.location.reload() : reset())} />;
}
