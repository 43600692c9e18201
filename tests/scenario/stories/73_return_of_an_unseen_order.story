# A return whose order we have not seen is kept, and joined when the order comes
connect wb
connect ozon
market  wb creates {"id":"90400001","stage":"delivered","rid":"srid0001","closed_at":"2026-12-15T10:00:00Z","created_at":"2026-12-15T01:00:00Z"}
market  ozon creates {"number":"0147-0001-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z"}
market  wb asks 90400001 {"id":"claim-1","reason":"Брак"}
market  ozon asks 0147-0001-1 {"id":"7001","reason":"Передумал"}
market  wb breaks {"kind":"500","path_contains":"/api/v3/orders","times":20}
market  ozon breaks {"kind":"500","path_contains":"/v4/posting","times":20}
run     jobs
as      manager
GET     /api/returns                     200  items.length=2  items.0.order_id=null  items.1.order_id=null
keep    ozon = items[channel=ozon].id
keep    wb = items[channel=wildberries].id
GET     /api/queue                       200  items.length=0
market  heals
clock   +20m
run     jobs
GET     /api/returns/$wb                 200  order.number=90400001  lines.0.order_line=1
GET     /api/returns/$ozon               200  order.number=0147-0001-1  lines.0.order_line=1
GET     /api/returns                     200  items.length=2
