# Ozon lists what comes back; a parcel that was cancelled on its way is one row, told by the posting and by the list
connect ozon
market  ozon creates {"number":"0147-0001-1","stage":"delivered","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"KRP-1405","title":"Коляска","qty":1,"price":"89900.00"}]}
market  ozon creates {"number":"0147-0002-1","stage":"handed","handed_at":"2026-12-15T10:00:00Z","fate":"stays","lines":[{"sku":"KRP-1","title":"Мяч","qty":2,"price":"1000.00"}]}
run     jobs
as      manager
GET     /api/returns                     200  items.length=0
market  ozon asks 0147-0001-1 {"id":"7001","reason":"Брак"}
market  ozon plays 0147-0002-1 buyer_cancels
clock   +11m
run     jobs
GET     /api/returns                     200  items.length=2  items[order_number=0147-0001-1].state=requested  items[order_number=0147-0001-1].kind=return
                                              items[order_number=0147-0002-1].state=in_transit  items[order_number=0147-0002-1].units=2
keep    claim  = items[order_number=0147-0001-1].id
keep    parcel = items[order_number=0147-0002-1].id
GET     /api/returns/$claim              200  reason=defect  external_reason=Брак
market  ozon sends 0147-0002-1 arrives
clock   +11m
run     jobs
GET     /api/returns/$parcel             200  state=in_transit  place=АЛМАТЫ_ВОЗВРАТЫ
market  ozon sends 0147-0002-1 received
market  ozon sends 0147-0001-1 market_refunds
GET     /api/returns                     200  items.length=2
clock   +11m
run     jobs
GET     /api/returns/$parcel             200  state=received
GET     /api/returns                     200  items.length=2
# A buyer asks a seller who delivers himself: words, photos and reason are asked for apart.
market  ozon asks 0147-0001-1 {"id":"7100","rfbs":true,"reason":"Брак","text":"Колесо заклинило","photos":2}
clock   +11m
run     jobs
GET     /api/returns                     200  items.length=3  items[external_id=rfbs:7100].photos=2  items[external_id=rfbs:7100].reason=defect
