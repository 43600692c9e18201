# A cancellation carries the channel's own reason to each market
connect kaspi
connect wb
connect ozon
market  kaspi creates {"number":"438000001"}
market  wb creates {"id":"90400001"}
market  ozon creates {"number":"0147-0001-1"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=3
keep    k = items[number=438000001].id
keep    w = items[number=90400001].id
keep    o = items[number=0147-0001-1].id
as      owner
GET     /api/channel-kinds               200  items.length=3
keep    kr = items[name=kaspi].cancel_reasons.0.code
keep    wr = items[name=wildberries].cancel_reasons.0.code
keep    or = items[name=ozon].cancel_reasons.0.code
as      manager
POST    /api/orders/$k/cancel  {}        422
POST    /api/orders/$k/cancel  {"reason":"352"}  409  code=order.action_refused
POST    /api/orders/$o/cancel  {"reason":"402"}  409  code=order.action_refused
POST    /api/bulk  {"action":"cancel","ids":["$k","$o"],"reason":"352","dry_run":true}  200  done.length=1 refused.length=1
POST    /api/bulk  {"action":"cancel","ids":["$k","$o"],"dry_run":true}  200  done.length=2
POST    /api/orders/$k/cancel  {"reason":"$kr","comment":"нет на складе"}  200  order.status=cancelled
POST    /api/orders/$w/cancel  {"reason":"$wr"}  200  order.status=cancelled
POST    /api/orders/$o/cancel  {"reason":"$or","comment":"нет на складе"}  200  order.status=cancelled
clock   +5s
run     jobs
clock   +1m
run     jobs
market  kaspi got cancel 438000001
market  wb got cancel 90400001
market  ozon got cancel 0147-0001-1
GET     /api/outbox?state=dead,refused,queued,held  200  items.length=0
clock   +30m
run     jobs
GET     /api/orders/$k                   200  status=cancelled  cancel_side=seller
GET     /api/orders/$w                   200  status=cancelled
GET     /api/orders/$o                   200  status=cancelled
GET     /api/queue                       200  items.length=0
