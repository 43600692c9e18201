# An Ozon posting goes all the way from the market to the buyer
connect ozon
market  ozon creates {"number":"0147-0001-1","lines":[{"sku":"KRP-1405","title":"Коляска","qty":1,"price":"89900.00"}]}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1  items.0.number=0147-0001-1  items.0.status=new  items.0.total=89900.00
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed
clock   +5s
run     jobs
# Ozon has no step for it.
market  ozon got nothing
POST    /api/orders/$order/assemble      200  order.status=assembling
POST    /api/orders/$order/ready         200  order.status=ready_to_ship
clock   +5s
run     jobs
clock   +5s
run     jobs
market  ozon got ship 0147-0001-1
clock   +10s
run     jobs
GET     /api/orders/$order               200  status=ready_to_ship  commands[op=assemble].state=done
POST    /api/orders/$order/hand_over     200  order.status=in_delivery
clock   +10s
run     jobs
clock   +1m
run     jobs
market  ozon got carriage_approve
GET     /api/outbox?state=refused,dead   200  items.length=0
clock   +2h
run     jobs
GET     /api/orders/$order               200  status=in_delivery
market  ozon plays 0147-0001-1 delivered
clock   +10m
run     jobs
GET     /api/orders/$order               200  status=completed
market  ozon got ship 0147-0001-1 times 1
