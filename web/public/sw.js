/* Shows what the server pushes while no page is open, and opens what it is about. Keeps nothing, answers no requests. */
self.addEventListener('push', (event) => {
  let told = {};
  try {
    told = event.data.json();
  } catch {
    // A browser demands that every push is shown.
  }
  event.waitUntil(
    self.registration.showNotification(told.title || 'Sauda', {
      body: told.body || '',
      tag: told.tag,
      icon: '/favicon.svg',
      data: { url: told.url || '/' },
    }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  if (url.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then((pages) => {
      const page = pages.find((p) => p.url.startsWith(self.location.origin));
      return page ? page.navigate(url.href).then((p) => p && p.focus()) : self.clients.openWindow(url.href);
    }),
  );
});
