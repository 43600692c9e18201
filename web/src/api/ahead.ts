/* Answers that were asked for before the program itself was there: see app/early.ts. Each is taken once. */

const asked = new Map<string, Promise<Response>>();
let open = true;

export function askAhead(path: string): Promise<Response> {
  const reply = fetch(path, { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  asked.set(path, reply);
  // Whoever takes it hears of the trouble.
  reply.catch(() => undefined);
  return reply;
}

export function takeAhead(path: string): Promise<Response> | undefined {
  if (!open) return undefined;
  const reply = asked.get(path);
  asked.delete(path);
  return reply;
}

/** Once the first screen stands, what nobody took is old. */
export function endAhead() {
  open = false;
  asked.clear();
}
