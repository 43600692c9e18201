# A command that was refused and comes through when it is sent again moves the order on, for the market says nothing new about it
connect ozon
market  ozon creates {"number":"41000001-0001-1"}
run     jobs
as      manager
GET     /api/orders?q=41000001-0001-1       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
POST    /api/orders/$order/assemble      200
POST    /api/orders/$order/ready         200
market  ozon breaks {"kind":"retired","path_contains":"/fbs/ship","times":1}
clock   +6s
run     jobs
clock   +1m
run     jobs
GET     /api/outbox                      200  items.0.state=refused
keep    command = items.0.id
clock   +20m
run     jobs
POST    /api/commands/$command/retry     204
clock   +1m
run     jobs
clock   +1m
run     jobs
market  ozon got ship 41000001-0001-1
GET     /api/outbox                      200  items.length=0
GET     /api/orders/$order               200  status=ready_to_ship
