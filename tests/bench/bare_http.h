#pragma once
/* Prints its port and serves: /empty, /live (event streams), POST /event (one event to all). Never returns. */
int bare_http_serve(void);
