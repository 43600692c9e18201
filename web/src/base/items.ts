/** Lists come as an array or as a page; screens of short lists do not care. */
export const itemsOf = <T>(reply: T[] | { items: T[] }): T[] => (Array.isArray(reply) ? reply : reply.items);
