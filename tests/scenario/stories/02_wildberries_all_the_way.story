# A Wildberries order goes all the way from the market to the buyer
connect wb
market  wb creates {"id":"90400001","lines":[{"sku":"TOY-7","title":"Кубики","qty":1,"price":"4990.00"}]}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1  items.0.number=90400001  items.0.status=new  items.0.total=4990.00
                                              items.0.currency=KZT
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed
clock   +5s
run     jobs
market  wb got confirm 90400001
POST    /api/orders/$order/assemble      200  order.status=assembling
POST    /api/orders/$order/ready         200  order.status=ready_to_ship
clock   +6m
run     jobs
POST    /api/orders/$order/hand_over     200  order.status=in_delivery
clock   +10s
run     jobs
market  wb got hand_over 90400001
GET     /api/outbox?state=refused,dead   200  items.length=0
market  wb plays 90400001 sorted
clock   +10m
run     jobs
GET     /api/orders/$order               200  status=in_delivery
market  wb plays 90400001 arrives
clock   +10m
run     jobs
GET     /api/orders/$order               200  status=at_pickup
market  wb plays 90400001 delivered
clock   +10m
run     jobs
GET     /api/orders/$order               200  status=completed
market  wb got confirm 90400001 times 1
market  wb got hand_over 90400001 times 1
