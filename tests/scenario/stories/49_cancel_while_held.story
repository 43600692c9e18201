# A cancellation withdraws a confirmation that has not left, and taking it back sends the confirmation after all
connect kaspi
market  kaspi creates {"number":"438000001"}
market  kaspi creates {"number":"438000002"}
run     jobs
as      manager
GET     /api/queue                       200  items.length=2
keep    one = items[number=438000001].id
keep    two = items[number=438000002].id
POST    /api/orders/$one/confirm         200  order.command.state=held
POST    /api/orders/$one/cancel  {"reason":"MERCHANT_OUT_OF_STOCK"}  200  order.status=cancelled
GET     /api/orders/$one                 200  commands[op=confirm].state=dropped  commands[op=cancel].state=held
POST    /api/orders/$two/confirm         200  order.command.state=held
POST    /api/orders/$two/cancel  {"reason":"MERCHANT_OUT_OF_STOCK"}  200  order.status=cancelled
keep    token = undo
POST    /api/undo  {"token":"$token"}    200  undone.length=1
GET     /api/orders/$two                 200  status=confirmed  commands[op=confirm].state=held  commands[op=cancel].state=undone
clock   +6s
run     jobs
clock   +1m
run     jobs
market  kaspi got accept 438000001 times 0
market  kaspi got cancel 438000001
market  kaspi got accept 438000002
market  kaspi got cancel 438000002 times 0
