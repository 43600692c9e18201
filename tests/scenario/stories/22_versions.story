# An edit of a stale version is refused and shows what is there now
connect kaspi
market  kaspi creates {"number":"438000001"}
run     jobs
as      manager
GET     /api/queue                       200
keep    order = items.0.id
keep    version = items.0.version
PATCH   /api/orders/$order  {"comment":"без версии"}  428
PATCH   /api/orders/$order  if=$version  {"comment":"хрупкое"}  200  version!=$version
PATCH   /api/orders/$order  if=$version  {"comment":"поздно"}  412  code=version.old  current.id=$order  current.version!=$version
GET     /api/orders/$order               200  comment=хрупкое
PATCH   /api/orders/$order  if=abc  {"comment":"x"}  428
