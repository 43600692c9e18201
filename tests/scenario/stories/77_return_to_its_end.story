# A request to the seller himself goes to the money, a parcel of Kaspi is confirmed as received, and orders become returned
connect ozon
connect kaspi
market  ozon creates {"number":"0147-0001-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"KRP-1","title":"Мяч","qty":2,"price":"1000.00"}]}
market  kaspi creates {"number":"438000001","stage":"delivered","handed_at":"2026-12-14T10:00:00Z","closed_at":"2026-12-15T10:00:00Z"}
market  kaspi creates {"number":"438000002","stage":"handed","handed_at":"2026-12-15T10:00:00Z","fate":"stays"}
clock   +16m
run     jobs
market  ozon asks 0147-0001-1 {"id":"7100","rfbs":true,"reason":"Брак","text":"Спускает"}
market  kaspi asks 438000001
market  kaspi plays 438000002 buyer_cancels
clock   +16m
run     jobs
as      manager
GET     /api/returns                     200  items.length=3
keep    o = items[external_id=rfbs:7100].id
keep    k = items[order_number=438000001].id
keep    p = items[order_number=438000002].id
keep    order = items[external_id=rfbs:7100].order_id
POST    /api/returns/$o/act {"action":"approve","version":1}  200  state=approved
clock   +5s
run     jobs
market  ozon got rfbs_approve 0147-0001-1 times 1
clock   +11m
run     jobs
GET     /api/returns/$o                  200  state=in_transit
keep    v = version
as      picker
POST    /api/returns/$o/act {"action":"receive","version":$v}  200  state=received
POST    /api/returns/$k/act {"action":"receive","version":1}   200  state=received  command.op=return_receive
POST    /api/returns/$p/act {"action":"receive","version":1}   200  state=received
market  kaspi breaks {"kind":"cut","after_effect":true,"path_contains":"/v2/orders"}
clock   +5s
run     jobs
clock   +1m
run     jobs
market  ozon got rfbs_receive 0147-0001-1 times 1
market  kaspi got arrived_backward 438000001 times 1
market  kaspi got arrived_backward 438000002 times 1
clock   +16m
run     jobs
as      manager
GET     /api/returns/$k                  200  state=refunded  command.state=done  order.status=returned
GET     /api/returns/$p                  200  state=received  command.state=done
GET     /api/outbox                      200  items.length=0
market  ozon sends 0147-0001-1 paid
clock   +11m
run     jobs
GET     /api/returns/$o                  200  state=refunded
# One of two units came back.
GET     /api/orders/$order               200  status=partly_returned  history.length>=3
