# A reply that is lost after the effect is read back: the market did it once
connect kaspi
connect wb
connect ozon
market  kaspi creates {"number":"438000001","kaspi_delivery":true}
market  wb creates {"id":"90400001"}
market  ozon creates {"number":"0147-0001-1"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=3
keep    k = items[number=438000001].id
keep    w = items[number=90400001].id
keep    o = items[number=0147-0001-1].id
market  kaspi breaks {"kind":"cut","after_effect":true,"path_contains":"/v2/orders"}
market  wb breaks {"kind":"cut","after_effect":true,"path_contains":"/marketplace/v3/supplies"}
market  ozon breaks {"kind":"cut","after_effect":true,"path_contains":"/fbs/ship"}
POST    /api/orders/$k/confirm           200
POST    /api/orders/$w/confirm           200
POST    /api/orders/$o/confirm           200
POST    /api/orders/$o/assemble          200
POST    /api/orders/$o/ready             200
clock   +5s
run     jobs
clock   +30s
run     jobs
clock   +1m
run     jobs
market  kaspi got accept 438000001 times 1
market  wb got confirm 90400001 times 1
market  ozon got ship 0147-0001-1 times 1
GET     /api/orders/$k                   200  status=confirmed  commands.0.state=done
GET     /api/orders/$w                   200  status=confirmed  commands.0.state=done
GET     /api/orders/$o                   200  status=ready_to_ship  commands[op=assemble].state=done
GET     /api/outbox                      200  items.length=0
