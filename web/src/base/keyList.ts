/* Every shortcut that has a place in the sheet, as its usual keys and the name of its text. */
export const keyGroups: Record<string, [keys: string, name: string][]> = {
  everywhere: [
    ['Ctrl K', 'palette'],
    ['/', 'filter'],
    ['?', 'sheet'],
    ['Ctrl Z', 'undo'],
    ['G D', 'overview'],
    ['G O', 'orders'],
    ['G B', 'board'],
    ['G R', 'returns'],
    ['G Z', 'tasks'],
    ['G C', 'customers'],
    ['G N', 'analytics'],
    ['G ,', 'settings'],
    ['Esc', 'close'],
    ['Ctrl Enter', 'send'],
    ['Ctrl Shift L', 'theme'],
  ],
  order: [
    ['C', 'confirm'],
    ['W', 'assemble'],
    ['A', 'assign'],
    ['Shift A', 'next_order'],
    ['S', 'status'],
    ['H', 'hold'],
    ['P', 'print'],
    ['N', 'note'],
    ['T', 'tag'],
    ['Shift C', 'cancel'],
    ['R', 'make_return'],
  ],
  returns: [
    ['C', 'return_next'],
    ['Shift C', 'return_refuse'],
    ['E', 'return_exchange'],
    ['Q', 'return_ask'],
    ['L', 'return_keep'],
  ],
  lists: [
    ['J K', 'move'],
    ['X', 'select'],
    ['Shift X', 'group'],
    ['Ctrl A', 'all'],
    ['Space', 'peek'],
    ['Enter', 'open'],
    ['1 … 9', 'view'],
    ['V', 'view_menu'],
    ['F', 'add_filter'],
    ['U', 'updates'],
  ],
};

/** Letters that a person may bind anew, with the names of what they do: one letter, one thing. */
export function letterKeys(): { code: string; names: string[] }[] {
  const found = new Map<string, string[]>();
  for (const [group, rows] of Object.entries(keyGroups))
    for (const [keys, name] of rows) {
      const words = keys.split(' ');
      const single = group !== 'everywhere' && words.every((w) => /^[A-Z]$/.test(w));
      for (const letter of single ? words : [])
        found.set(`Key${letter}`, [...(found.get(`Key${letter}`) ?? []), name]);
    }
  return [...found].map(([code, names]) => ({ code, names }));
}
