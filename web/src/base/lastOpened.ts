/* The last five objects that were opened, for the empty palette. Titles stay on this machine. */
export interface Opened {
  to: string;
  title: string;
}
const name = 'sauda.opened';

export const lastOpened = {
  get(): Opened[] {
    try {
      return (JSON.parse(sessionStorage.getItem(name) ?? '[]') as Opened[]).slice(0, 5);
    } catch {
      return [];
    }
  },
  add(opened: Opened) {
    const rest = this.get().filter((o) => o.to !== opened.to);
    sessionStorage.setItem(name, JSON.stringify([opened, ...rest].slice(0, 5)));
  },
};
