# A Kaspi order goes all the way from the market to the buyer
connect kaspi
market  kaspi creates {"number":"438000001","kaspi_delivery":true,"lines":[{"sku":"NUTR-1","title":"Смесь","qty":2,"price":"7600.00"}],
                       "buyer":{"name":"Мария","surname":"Иванова","phone":"7771234567"}}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1  items.0.number=438000001  items.0.status=new  items.0.total=15200.00
                                              items.0.phone_last4=4567  statements<=6
keep    order = items.0.id
POST    /api/orders/$order/confirm       200  order.status=confirmed  order.command.state=held  undo!=absent
run     jobs
market  kaspi got nothing
clock   +5s
run     jobs
market  kaspi got accept 438000001
GET     /api/orders/$order               200  status=confirmed  commands.0.op=confirm  commands.0.state=done  tasks.length=1
POST    /api/orders/$order/assemble      200  order.status=assembling
POST    /api/orders/$order/ready  {"boxes":2}  200  order.status=ready_to_ship
clock   +10s
run     jobs
market  kaspi got assemble 438000001
POST    /api/orders/$order/hand_over     200  order.status=in_delivery
clock   +10s
run     jobs
# Kaspi delivery needs no call for it: the courier's scan tells.
GET     /api/outbox?state=refused,dead   200  items.length=0
market  kaspi plays 438000001 courier_takes
clock   +3m
run     jobs
GET     /api/orders/$order               200  status=in_delivery
market  kaspi plays 438000001 delivered
clock   +20m
run     jobs
GET     /api/orders/$order               200  status=completed  history.length>=6
GET     /api/queue                       200  items.length=0
market  kaspi got accept 438000001 times 1
market  kaspi got assemble 438000001 times 1
