/** «1 500,5» as the server reads it; null when it is no amount. */
export function amountOf(text: string): string | null {
  const found = /^(\d{1,12})(?:\.(\d{1,2}))?$/.exec(text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.'));
  return found ? `${found[1]}.${(found[2] ?? '').padEnd(2, '0')}` : null;
}
/** As it is written into a field: whole sums without their hundredths. */
export const amountText = (amount: string): string => amount.replace(/\.00$/, '');
