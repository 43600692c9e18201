# A cancellation withdraws a command that has not left; when the market refuses the cancellation, the command goes out after all
connect ozon
market  ozon creates {"number":"0147-0001-1"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=1
keep    order = items.0.id
POST    /api/orders/$order/confirm       200
POST    /api/orders/$order/assemble      200
POST    /api/orders/$order/ready         200  order.command.state=held
POST    /api/orders/$order/cancel  {"reason":"401"}  200  order.status=cancelled
GET     /api/orders/$order               200  commands[op=assemble].state=dropped  commands[op=cancel].state=held
clock   +6s
run     jobs
GET     /api/orders/$order               200  status=ready_to_ship  commands[op=cancel].state=refused  commands[op=assemble].state=queued
clock   +1m
run     jobs
market  ozon heard cancel 0147-0001-1
market  ozon got cancel 0147-0001-1 times 0
market  ozon got ship 0147-0001-1
GET     /api/orders/$order               200  status=ready_to_ship  commands[op=assemble].state=done
