# A buyer's claim on Wildberries comes with its order, reason and photos, and its goods come back
connect wb
market  wb creates {"id":"90400001","stage":"delivered","rid":"srid0001","closed_at":"2026-12-15T10:00:00Z","lines":[{"sku":"TOY-7","title":"Кубики","qty":1,"price":"4990.00"}]}
run     jobs
as      manager
GET     /api/returns                     200  items.length=0
market  wb asks 90400001 {"id":"claim-1","reason":"Брак","text":"Сломаны","photos":3}
clock   +6m
run     jobs
GET     /api/returns                     200  items.length=1  items.0.order_number=90400001  items.0.state=requested  items.0.kind=return
                                              items.0.refund_amount=4990.00  items.0.photos=3  items.0.currency=KZT  items.0.deadline_at!=null
keep    return = items.0.id
GET     /api/returns/$return             200  buyer_text=Сломаны  lines.0.qty=1  lines.0.order_line=1  history.length=1  order.number=90400001
# Told again, nothing changes; so does the nightly pass.
clock   +10m
run     jobs
clock   +25h
run     jobs
GET     /api/returns/$return             200  state=requested  history.length=1  version=1
market  wb sends 90400001 market_approves
clock   +6m
run     jobs
GET     /api/returns/$return             200  state=in_transit  route=to_seller
market  wb sends 90400001 arrives
clock   +61m
run     jobs
# The report of goods is no second return: it says where the parcel waits, and until when.
GET     /api/returns                     200  items.length=1
GET     /api/returns/$return             200  state=in_transit  place~Толе
market  wb sends 90400001 received
clock   +61m
run     jobs
GET     /api/returns/$return             200  state=received  received_at!=null
GET     /api/returns                     200  items.length=1
